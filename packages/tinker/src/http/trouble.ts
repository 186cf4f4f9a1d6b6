import { TinkerError } from '../errors.ts';
import type { Connection } from './connection.ts';
import type { HttpAnswer, HttpRequest } from './http-request.ts';
import { retryWaitMs } from './retry-policy.ts';
import { wishedWaitMs } from './status.ts';

/** The attempts of one request that came to nothing. */
export interface Trouble {
  /** Counts one and waits until the next is due; rejects if there were too many for too long. */
  wait(seen: HttpAnswer | Error): Promise<void>;
  /** The server was heard of: what came before does not count. */
  forget(): void;
}

/**
 * Counts for one request. A server that says it is busy (429) lives, and is waited for as long as it says so;
 * one that is broken or away only as long as the policy allows. Errors of this package are no trouble that
 * passes.
 */
export function createTrouble(
  { clock, retry, random, emit }: Connection,
  { operation, signal }: HttpRequest,
): Trouble {
  let count = 0;
  let since: number | undefined;
  return {
    async wait(seen) {
      if (seen instanceof TinkerError) throw seen;
      const failure =
        seen instanceof Error
          ? { reason: describe(seen), cause: seen }
          : { reason: `status ${seen.status}`, status: seen.status };
      count++;
      since = failure.status === 429 ? undefined : (since ?? clock.now());
      const waitMs = retryWaitMs(
        retry,
        count,
        random,
        seen instanceof Error ? 0 : wishedWaitMs(seen.headers),
      );
      if (since !== undefined && clock.now() + waitMs - since > retry.giveUpAfterMs)
        throw new TinkerError(
          'unreachable',
          `The server gave no answer to ${operation} in ${count} attempts (the last: ${failure.reason}). See whether it runs and try again.`,
          { retryable: true, ...failure },
        );
      emit({ type: 'request-retry', operation, attempt: count, waitMs, reason: failure.reason });
      await clock.sleep(waitMs, signal);
    },
    forget() {
      count = 0;
      since = undefined;
    },
  };
}

/** `fetch` says what happened only in the cause. */
const describe = ({ message, cause }: Error) =>
  cause instanceof Error ? `${message}: ${cause.message}` : message;
