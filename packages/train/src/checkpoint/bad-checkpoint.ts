import { MemagentError } from '@memagent/core';

/** A `bad-checkpoint` error about `path`. */
export function badCheckpoint(path: string, problem: string, cause?: unknown): MemagentError {
  return new MemagentError(`${path} cannot be used: ${problem}`, {
    code: 'bad-checkpoint',
    data: { path },
    ...(cause === undefined ? {} : { cause }),
  });
}
