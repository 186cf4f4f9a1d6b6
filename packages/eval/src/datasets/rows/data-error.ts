import { MemagentError } from '@memagent/core';

/** The error for data files that cannot be used: `source-unreadable`, with the file in `data`. */
export function createDataError(message: string, file: string, cause?: unknown): MemagentError {
  return new MemagentError(message, {
    code: 'source-unreadable',
    data: { file },
    ...(cause === undefined ? {} : { cause }),
  });
}
