import type { Clock } from '../clock.ts';
import type { TinkerEvent } from '../events.ts';
import type { HttpAnswer, HttpRequest } from './http-request.ts';
import type { RetryPolicy } from './retry-policy.ts';
import { isBusy, refusal } from './status.ts';
import type { Send } from './transport.ts';
import { createTrouble } from './trouble.ts';

/** What the parts of a client share. */
export interface Connection {
  readonly send: Send;
  readonly retry: RetryPolicy;
  readonly clock: Clock;
  readonly random: () => number;
  readonly emit: (event: TinkerEvent) => void;
}

/**
 * Asks until there is an answer. Every attempt carries the same idempotency key, so that a server whose first
 * answer was lost does nothing twice.
 */
export async function ask(connection: Connection, request: HttpRequest): Promise<HttpAnswer> {
  const { retry, random } = connection;
  const trouble = createTrouble(connection, request);
  const headers = { ...request.headers, 'X-Idempotency-Key': createKey(random) };
  for (let attempts = 1; ; attempts++) {
    const answer = await attempt(connection, { timeoutMs: retry.answerTimeoutMs, ...request, headers });
    if (answer instanceof Error || isBusy(answer)) await trouble.wait(answer);
    else if (answer.status < 300 || (answer.status < 400 && request.mayRedirect)) return answer;
    else throw refusal(request.operation, answer, attempts);
  }
}

/** An answer, or why there is none. An abort rejects with its own reason. */
export async function attempt({ send }: Connection, request: HttpRequest): Promise<HttpAnswer | Error> {
  request.signal?.throwIfAborted();
  try {
    return await send(request);
  } catch (error) {
    request.signal?.throwIfAborted();
    if (error instanceof Error) return error;
    throw error;
  }
}

const createKey = (random: () => number) =>
  Array.from({ length: 4 }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
