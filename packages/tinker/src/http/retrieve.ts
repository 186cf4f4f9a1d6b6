import { z } from 'zod';
import { TinkerError } from '../errors.ts';
import type { QueueState } from '../events.ts';
import { attempt, type Connection } from './connection.ts';
import { postJson, type HttpAnswer } from './http-request.ts';
import { jsonOf, reasonOf } from './read-answer.ts';
import { binaryType } from '../protocol.ts';
import { isBusy, refusal } from './status.ts';
import { createTrouble } from './trouble.ts';

/** A request that the server took. */
export interface Accepted {
  readonly operation: string;
  readonly requestId: string;
}

/** A result as it came: a value of JSON, or the bytes of a message. */
export type RawResult = { readonly json: unknown } | { readonly binary: Uint8Array };

/** Between two questions to a server that answers at once that there is nothing yet. */
const pauseMs = 100;

/**
 * Asks for the result of a request until it is there. The server holds each question until there is something
 * to say or its patience ends; a question that it holds for longer than `pollTimeoutMs` is asked again. So
 * there is no time limit on the work itself: give a signal to set one.
 */
export async function retrieve(
  connection: Connection,
  { operation, requestId }: Accepted,
  { accept, signal }: { readonly accept: string; readonly signal?: AbortSignal | undefined },
): Promise<RawResult> {
  const { clock, retry, emit } = connection;
  const question = {
    ...postJson('retrieve_future', { request_id: requestId }, { signal, headers: { Accept: accept } }),
    timeoutMs: retry.pollTimeoutMs,
  };
  const trouble = createTrouble(connection, {
    ...question,
    operation: `the question for the result of ${operation}`,
  });
  let state: QueueState | undefined;
  for (;;) {
    const answer = await attempt(connection, question);
    if (answer instanceof Error) {
      if (answer.name !== 'TimeoutError') await trouble.wait(answer);
      continue;
    }
    const json = isBinary(answer) ? undefined : jsonOf(answer);
    const pending =
      answer.status === 200 || answer.status === 408 ? pendingForm.safeParse(json).data : undefined;
    if (answer.status === 408 || pending?.type) {
      trouble.forget();
      if (pending?.queue_state && pending.queue_state !== state) {
        state = pending.queue_state;
        emit({
          type: 'queue-state',
          operation,
          requestId,
          state,
          reason: pending.queue_state_reason ?? undefined,
        });
      }
      await clock.sleep(pauseMs, signal);
    } else if (isBusy(answer)) {
      await trouble.wait(answer);
    } else if (answer.status < 300) {
      const failure = failureForm.safeParse(json).data;
      if (failure) throw failedError({ operation, requestId }, failure.error, failure.category);
      return isBinary(answer) ? { binary: answer.body } : { json };
    } else {
      throw resultError({ operation, requestId }, answer);
    }
  }
}

/** Nothing to say yet: status 200 with this type, or status 408. */
const pendingForm = z.object({
  type: z.literal('try_again').optional().catch(undefined),
  queue_state: z.enum(['active', 'paused_capacity', 'paused_rate_limit']).optional().catch(undefined),
  queue_state_reason: z.string().nullish(),
});

const failureForm = z.object({ error: z.string(), category: z.string().optional() });

/** The error of a question that was answered with a status of failure. */
function resultError({ operation, requestId }: Accepted, answer: HttpAnswer): TinkerError {
  const { status } = answer;
  if (status === 401 || status === 402 || status === 403) return refusal(operation, answer);
  if (status !== 404 && status !== 410) return failedError({ operation, requestId }, reasonOf(answer));
  return new TinkerError(
    'result-lost',
    `The server no longer knows ${operation} (request ${requestId}): ${reasonOf(answer)}. Go on from the last saved weights.`,
    { status, requestId, retryable: true },
  );
}

const failedError = ({ operation, requestId }: Accepted, reason: string, category?: string) =>
  new TinkerError(
    'request-failed',
    `The server failed to do ${operation}: ${reason}${category ? ` (${category})` : ''}`,
    {
      requestId,
      retryable: category?.toLowerCase() === 'server',
    },
  );

const isBinary = ({ headers }: HttpAnswer) => (headers.get('content-type') ?? '').includes(binaryType);
