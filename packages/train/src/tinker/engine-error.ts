import { MemagentError } from '@memagent/core';
import { TinkerError, type TinkerErrorCode } from '@memagent/tinker';

/** Calls a remote engine; what fails there becomes an error of ours. */
export async function onEngine<Result>(operation: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw toEngineError(error, operation);
  }
}

/** An abort stays as it is. */
function toEngineError(error: unknown, operation: string): unknown {
  if (!(error instanceof TinkerError)) return error;
  if (/not finite/i.test(error.message)) {
    return new MemagentError(`The engine refused to ${operation}: ${error.message}`, {
      code: 'not-finite',
      cause: error,
    });
  }
  return lost.has(error.code) || error.retryable || error.status === 404 || error.status === 410
    ? new MemagentError(
        `The engine is gone while it was to ${operation}: ${error.message} Go on from the newest checkpoint when it is back.`,
        { code: 'engine-lost', retryable: true, resumable: true, data: { operation }, cause: error },
      )
    : new MemagentError(`The engine cannot ${operation}: ${error.message}`, {
        code: 'model-failed',
        data: { operation },
        cause: error,
      });
}

/** The server died or was started anew, or nothing can be known of its state any more. */
const lost: ReadonlySet<TinkerErrorCode> = new Set([
  'unreachable',
  'result-lost',
  'session-ended',
  'earlier-request-failed',
  'model-broken',
]);
