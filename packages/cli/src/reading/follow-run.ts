/** Sees a run through to its end, for `ask` and `resume`: progress, result, or how to go on. */
import {
  MemagentError,
  messageOf,
  type Run,
  type RunResult,
  type RunStore,
  type StoredEvent,
} from '@memagent/core';
import { exitCodes } from '../exit-codes.ts';
import type { Flags } from '../flags/flags.ts';
import { withFlagNames } from '../format/flag-names.ts';
import { plainText } from '../format/plain-text.ts';
import { explainUnavailable } from '../model/explain-unavailable.ts';
import type { ModelSpec } from '../model/model-spec.ts';
import { createProgressView } from '../progress/progress-view.ts';
import type { Shell } from '../shell.ts';
import { printResult } from './print-result.ts';
import { resumeCommand } from './resume-command.ts';

export interface FollowOptions {
  flags: Flags;
  shell: Shell;
  store: RunStore;
  /** Size of the document, where it is known. */
  bytes: number | undefined;
  /** The model, where there is one. */
  spec: ModelSpec | undefined;
  /** What earlier sessions did. */
  past?: AsyncIterable<StoredEvent>;
  /** Prints what it came to and returns the exit code. Default: the answer. */
  print?: (result: RunResult) => Promise<number>;
}

/** Returns the exit code. Throws what ended the run unless it can be resumed. */
export async function followRun(
  run: Run,
  { flags, shell, store, bytes, spec, past, print }: FollowOptions,
): Promise<number> {
  const view = await createProgressView(shell, { bytes, isQuiet: flags.quiet === true });
  let result: RunResult;
  try {
    if (past) for await (const event of past) view.remember(event);
    for await (const event of run) {
      view.show(event);
      if (flags.events) await shell.print(`${JSON.stringify(event)}\n`);
    }
    result = await run.result;
  } catch (loopError) {
    view.end();
    // What ended the run says more than what ended the loop over its events.
    const cause: unknown = await run.result.then(
      () => loopError,
      (reason: unknown) => reason,
    );
    const error = await explainUnavailable(cause, spec, shell);
    const isInterrupted = shell.signal.aborted;
    const isResumable = isInterrupted || (cause instanceof MemagentError && cause.resumable);
    // A run that was stopped before it began left nothing to resume.
    if (!isResumable || (await store.get(run.runId)) === undefined) throw error;
    const isLimit = error instanceof MemagentError && error.code === 'limit-reached';
    const goOn = `Go on with${isLimit ? ', and with new limits, for none are kept' : ''}:`;
    shell.say(
      isInterrupted
        ? `Interrupted. What was read is kept. ${goOn}`
        : `${shell.colours.stderr.red('Stopped:')} ${plainText(withFlagNames(messageOf(error)))}\n${goOn}`,
    );
    shell.say(`  ${resumeCommand(run.runId, flags)}`);
    return isInterrupted ? exitCodes.interrupted : exitCodes.stopped;
  }
  view.end();
  return print ? print(result) : printResult(result, flags, shell);
}
