import { MemagentError } from '@memagent/core';

/** The loss of the engine that lies behind an error, however deep. */
export function findEngineLost(error: unknown): MemagentError | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof MemagentError && cause.code === 'engine-lost') return cause;
  }
  return undefined;
}
