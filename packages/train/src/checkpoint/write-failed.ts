import { MemagentError, messageOf } from '@memagent/core';

/** What to throw when writing at `path` failed: `store-failed` for errors of the file system, any other as it is. */
export function writeFailed(what: string, path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('errno' in error) || !('code' in error)) return error;
  const advice =
    error.code === 'ENOSPC' || error.code === 'EDQUOT' || error.code === 'EFBIG'
      ? 'The disk is full: free some space, then resume.'
      : 'Make sure that the folder can be written to, then resume.';
  return new MemagentError(
    `Could not write ${what} at ${path}: ${messageOf(error)}. ${advice} Earlier checkpoints are as they were.`,
    { code: 'store-failed', data: { path }, cause: error },
  );
}
