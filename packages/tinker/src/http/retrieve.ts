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
    const pending = readPending(answer);
    if (pending) {
      trouble.forget();
      if (pending.queue_state && pending.queue_state !== state) {
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
    } else {
      return readResult(answer, { operation, requestId });
    }
  }
}

const pendingForm = z.object({
  type: z.literal('try_again').optional(),
  queue_state: z.enum(['active', 'paused_capacity', 'paused_rate_limit']).optional().catch(undefined),
  queue_state_reason: z.string().nullish(),
});

/** What an answer says that holds no result yet: status 408, or 200 with `try_again`. */
function readPending(answer: HttpAnswer): z.output<typeof pendingForm> | undefined {
  if (answer.status === 408) return pendingForm.safeParse(jsonOf(answer)).data ?? {};
  if (answer.status !== 200 || isBinary(answer)) return undefined;
  const pending = pendingForm.safeParse(jsonOf(answer)).data;
  return pending?.type && pending;
}

const failureForm = z.object({ error: z.string(), category: z.string().optional() });

function readResult(answer: HttpAnswer, { operation, requestId }: Accepted): RawResult {
  const { status } = answer;
  const failed = (reason: string, category?: string) =>
    new TinkerError(
      'request-failed',
      `The server failed to do ${operation}: ${reason}${category ? ` (${category})` : ''}`,
      {
        status,
        requestId,
        retryable: category?.toLowerCase() === 'server',
      },
    );
  if (status === 404 || status === 410)
    throw new TinkerError(
      'result-lost',
      `The server no longer knows ${operation} (request ${requestId}): ${reasonOf(answer)}. Go on from the last saved weights.`,
      {
        status,
        requestId,
        retryable: true,
      },
    );
  if (status === 401 || status === 402 || status === 403) throw refusal(operation, answer);
  if (status >= 300) throw failed(reasonOf(answer));
  if (isBinary(answer)) return { binary: answer.body };
  const json = jsonOf(answer);
  const failure = failureForm.safeParse(json);
  if (failure.success) throw failed(failure.data.error, failure.data.category);
  return { json };
}

const isBinary = ({ headers }: HttpAnswer) => (headers.get('content-type') ?? '').includes(binaryType);
