import type { Clock } from '../clock.ts';
import { TinkerError } from '../errors.ts';
import type { TinkerEvent } from '../events.ts';
import type { HttpAnswer, HttpRequest } from './http-request.ts';
import { retryWaitMs, type RetryPolicy } from './retry-policy.ts';
import { isBusy, refusal, wishedWaitMs } from './status.ts';
import type { Send } from './transport.ts';

/** What the parts of a client share. */
export interface Connection {
  readonly send: Send;
  readonly retry: RetryPolicy;
  readonly clock: Clock;
  readonly random: () => number;
  readonly emit: (event: TinkerEvent) => void;
}

/**
 * Asks until there is an answer. Every attempt carries the same idempotency key, so that a server which did
 * not get to answer the first does nothing twice. A server that says it is busy (429) is waited for as long
 * as it says so; one that is broken or away only as long as the policy allows.
 */
export async function ask(connection: Connection, request: HttpRequest): Promise<HttpAnswer> {
  const { retry, random } = connection;
  const trouble = createTrouble(connection, request);
  const headers = { ...request.headers, 'X-Idempotency-Key': createKey(random) };
  for (let attempts = 1; ; attempts++) {
    request.signal?.throwIfAborted();
    const answer = await attempt(connection, { timeoutMs: retry.answerTimeoutMs, ...request, headers });
    if (answer instanceof Error) await trouble.wait(answer.message, { cause: answer });
    else if (isBusy(answer)) {
      if (answer.status === 429) trouble.forget();
      await trouble.wait(`status ${answer.status}`, { answer });
    } else if (answer.status >= 400) throw refusal(request.operation, answer, attempts);
    else return answer;
  }
}

/** Counts attempts without an answer; `wait` rejects when there were too many for too long. */
export interface Trouble {
  wait(reason: string, seen: { readonly cause?: unknown; readonly answer?: HttpAnswer }): Promise<void>;
  /** The server was heard of: what came before does not count. */
  forget(): void;
}

/** A fresh count for one request. */
export function createTrouble(
  { clock, retry, random, emit }: Connection,
  { operation, signal }: HttpRequest,
): Trouble {
  let count = 0;
  let since: number | undefined;
  return {
    async wait(reason, { cause, answer }) {
      count++;
      since ??= clock.now();
      const waitMs = retryWaitMs(retry, count, random, answer && wishedWaitMs(answer.headers));
      if (clock.now() + waitMs - since > retry.giveUpAfterMs)
        throw new TinkerError(
          'unreachable',
          `The server gave no answer to ${operation} in ${count} attempts (the last: ${reason}). See whether it runs and try again.`,
          { retryable: true, cause, ...(answer && { status: answer.status }) },
        );
      emit({ type: 'request-retry', operation, attempt: count, waitMs, reason });
      await clock.sleep(waitMs, signal);
    },
    forget() {
      count = 0;
      since = undefined;
    },
  };
}

/** An answer, or why there is none. An abort rejects. */
export async function attempt({ send }: Connection, request: HttpRequest): Promise<HttpAnswer | Error> {
  try {
    return await send(request);
  } catch (error) {
    request.signal?.throwIfAborted();
    if (error instanceof TinkerError || !(error instanceof Error)) throw error;
    return error;
  }
}

const createKey = (random: () => number) =>
  Array.from({ length: 4 }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
