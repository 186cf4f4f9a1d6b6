import { z } from 'zod';
import type { Connection } from './connection.ts';
import type { HttpAnswer } from './http-request.ts';
import { readJson } from './read-answer.ts';
import type { Accepted } from './retrieve.ts';

const acceptedForm = z.object({
  request_id: z.union([z.string(), z.number().transform(String)]),
  sample_sequence_ids: z.array(z.string()).nullish(),
});

/** What the server says when it takes a request: the name under which it keeps the result. */
export function readAccepted(
  { emit }: Connection,
  operation: string,
  answer: HttpAnswer,
  seqId?: number,
): Accepted & { readonly sequenceIds: readonly string[] | undefined } {
  const { request_id: requestId, sample_sequence_ids: sequenceIds } = readJson(
    operation,
    answer,
    acceptedForm,
  );
  emit({ type: 'request-accepted', operation, requestId, seqId });
  return { operation, requestId, sequenceIds: sequenceIds ?? undefined };
}
