/**
 * Limits on what goes out to a model: calls in flight, requests and tokens per minute. One `Limits` object is
 * shared by every run that should stay under them together; a process has one by default.
 */
import { TokenBucket } from 'limiter';
import PQueue from 'p-queue';
import { MemagentError } from '../errors.ts';
import { wait } from './wait.ts';

export interface LimitOptions {
  /** Calls in flight at once. Default 16. */
  concurrency?: number;
  /** Requests started per minute, with a burst of as many. Default: no limit. */
  requestsPerMinute?: number;
  /** Tokens (prompt + most output) started per minute, with a burst of as many. Default: no limit. */
  tokensPerMinute?: number;
}

export interface Limits {
  /** Calls in flight at once. */
  readonly concurrency: number;
  /**
   * Runs `call` when the limits allow it. `tokens` is the most that the call may use; a call larger than
   * `tokensPerMinute` waits for a full bucket. Waiting ends at once, with the signal's reason, on abort.
   */
  run<Result>(call: () => Promise<Result>, options: { tokens: number; signal: AbortSignal }): Promise<Result>;
}

/** Makes limits to share. Throws `invalid-option` for anything but positive numbers. */
export function createLimits({
  concurrency = 16,
  requestsPerMinute,
  tokensPerMinute,
}: LimitOptions = {}): Limits {
  requirePositive({ concurrency, requestsPerMinute, tokensPerMinute });
  const queue = new PQueue({ concurrency });
  const requests = createBucket(requestsPerMinute);
  const tokens = createBucket(tokensPerMinute);
  // Waiters line up here, so that a large call is not overtaken for ever by small ones.
  const gate = new PQueue({ concurrency: 1 });
  const isThrottled = requests !== undefined || tokens !== undefined;

  return {
    concurrency,
    run(call, { tokens: amount, signal }) {
      return queue.add(
        async () => {
          if (isThrottled) {
            await gate.add(
              async () => {
                await take(requests, 1, signal);
                await take(tokens, Math.min(amount, tokensPerMinute ?? amount), signal);
              },
              { signal },
            );
          }
          return call();
        },
        { signal },
      );
    },
  };
}

/** The limits of runs that are not given any: one object for the whole process, as providers count. */
export const processLimits: Limits = createLimits();

function createBucket(perMinute: number | undefined): TokenBucket | undefined {
  if (perMinute === undefined) return undefined;
  const bucket = new TokenBucket({ bucketSize: perMinute, tokensPerInterval: perMinute, interval: 'minute' });
  bucket.content = perMinute; // Buckets of this library start empty; a provider's minute starts unused.
  return bucket;
}

async function take(bucket: TokenBucket | undefined, amount: number, signal: AbortSignal): Promise<void> {
  if (!bucket) return;
  while (!bucket.tryRemoveTokens(amount)) {
    await wait(Math.max(1, Math.ceil(bucket.getWaitTime(amount))), signal);
  }
}

function requirePositive(options: Record<string, number | undefined>): void {
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && !(value > 0)) {
      throw new MemagentError(`Limits: ${name} must be a positive number, received ${value}.`, {
        code: 'invalid-option',
        data: { option: name, received: value },
      });
    }
  }
}
