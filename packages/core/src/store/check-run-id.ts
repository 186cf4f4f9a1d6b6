import { MemagentError } from '../errors.ts';

const pattern = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** Names that Windows keeps for devices, and the word that stands for the newest run. */
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d|last)$/;

/**
 * Throws `invalid-option` unless `runId` can name a run: it becomes part of paths and URLs. Lower case only,
 * because some file systems do not tell `Run` from `run`.
 */
export function checkRunId(runId: string): void {
  if (pattern.test(runId) && !reserved.test(runId)) return;
  throw new MemagentError(
    `Cannot call a run ${JSON.stringify(runId)}. Use up to 64 of the characters a-z, 0-9, "-" and "_", beginning ` +
      'with a letter or digit, and none of the words "last", "con", "nul" and the like.',
    { code: 'invalid-option', data: { runId } },
  );
}
