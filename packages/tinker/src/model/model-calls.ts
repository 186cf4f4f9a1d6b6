import type { z } from 'zod';
import type { Datum } from '../data/datum.ts';
import { readAccepted } from '../http/accepted.ts';
import { ask } from '../http/connection.ts';
import { postJson } from '../http/http-request.ts';
import { readForm } from '../http/read-answer.ts';
import { retrieveJson } from '../http/retrieve-json.ts';
import { retrieve, type Accepted } from '../http/retrieve.ts';
import { callSignal, type SessionContext } from '../session/session-context.ts';
import { decodePassOutput } from '../wire/pass-output-message.ts';
import { passOutputJson } from '../wire/pass-output-json.ts';
import { chunkData } from './chunk-data.ts';
import { combinePasses } from './combine-passes.ts';
import type { WireLoss } from './loss.ts';
import type { PassOutput } from './pass-output.ts';
import { createTurns } from './turns.ts';

/** The requests of one model: each is sent in its turn, and its result is waited for beside the others. */
export interface ModelCalls {
  /** Sends a request and resolves when the server has taken it, or with what `onRefused` makes of a refusal. */
  submit<Otherwise = never>(
    operation: string,
    body: object,
    options: CallSettings<Otherwise>,
  ): Promise<Accepted | Otherwise>;
  /** The result of a request that was taken. */
  result<Form extends z.ZodType>(
    accepted: Accepted,
    form: Form,
    signal: AbortSignal | undefined,
  ): Promise<z.output<Form>>;
  /** Sends a pass, in several requests if it is large. */
  pass(pass: Pass, signal: AbortSignal | undefined): Promise<PassOutput>;
}

interface CallSettings<Otherwise> {
  readonly signal: AbortSignal | undefined;
  /** Whether the protocol numbers this request; default true. */
  readonly numbered?: boolean;
  readonly onRefused?: (error: unknown) => Otherwise;
}

interface Pass {
  readonly data: readonly Datum[];
  readonly loss: WireLoss;
  readonly forwardOnly: boolean;
}

/** The requests of the model that the server calls `modelId`. */
export function createModelCalls(context: SessionContext, modelId: string): ModelCalls {
  const { connection, accept, config, compress, sendPass } = context;
  const turns = createTurns();

  const sendChunk = async ({ data, loss, forwardOnly }: Pass, signal: AbortSignal): Promise<PassOutput> => {
    const operation = forwardOnly ? 'forward' : 'forward_backward';
    const accepted = await turns.take(
      operation,
      async (seqId) => {
        const answer = await sendPass({ modelId, seqId, data, loss, forwardOnly }, { signal, compress });
        return readAccepted(connection, operation, answer, seqId);
      },
      { signal },
    );
    const result = await retrieve(connection, accepted, { accept, signal });
    return 'binary' in result
      ? decodePassOutput(result.binary)
      : readForm(operation, result.json, passOutputJson);
  };

  return {
    async submit(operation, body, { signal, numbered = true, onRefused }) {
      const ends = callSignal(context, signal);
      const send = async (seqId: number) => {
        const full = { model_id: modelId, ...(numbered && { seq_id: seqId }), ...body };
        try {
          const answer = await ask(connection, postJson(operation, full, { signal: ends }));
          return readAccepted(connection, operation, answer, numbered ? seqId : undefined);
        } catch (error) {
          if (!onRefused) throw error;
          return onRefused(error);
        }
      };
      return turns.take(operation, send, { signal: ends, numbered });
    },
    result: async (accepted, form, signal) =>
      retrieveJson(connection, accepted, form, callSignal(context, signal)),
    async pass({ data, loss, forwardOnly }, signal) {
      const ends = callSignal(context, signal);
      // All take their places in the queue now, so that nothing comes between them.
      const chunks = chunkData(data, config).map(async (chunk) =>
        sendChunk({ data: chunk, loss, forwardOnly }, ends),
      );
      return combinePasses(await Promise.all(chunks));
    },
  };
}
