import { MemagentError } from '@memagent/core';

/** An error that the user can mend by typing something else. */
export function usageError(message: string, cause?: unknown): MemagentError {
  return new MemagentError(message, { code: 'invalid-option', cause });
}
