/** The errors that every store throws alike. */
import { MemagentError } from '../errors.ts';

/** No run has this id. */
export function runNotFound(runId: string): MemagentError {
  return new MemagentError(
    `There is no run ${JSON.stringify(runId)}. \`memagent runs\` lists those there are.`,
    {
      code: 'run-not-found',
      data: { runId },
    },
  );
}

/** The id of a new run is taken. */
export function runExists(runId: string): MemagentError {
  return new MemagentError(
    `Cannot create run ${runId}: a run of that name exists. Resume it, delete it, or choose another name.`,
    { code: 'invalid-option', data: { runId } },
  );
}

/** Somebody works on the run. */
export function runLocked(runId: string): MemagentError {
  return new MemagentError(
    `Run ${runId} is being worked on, by another process or by another call in this one. ` +
      'Wait until it has finished, or stop it, then try again.',
    { code: 'run-locked', retryable: true, data: { runId } },
  );
}

/** The store was used after `close`. */
export function storeClosed(): MemagentError {
  return new MemagentError('The run store was closed. Create another one to go on.', {
    code: 'store-failed',
  });
}
