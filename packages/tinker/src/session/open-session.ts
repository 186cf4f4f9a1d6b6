import { z } from 'zod';
import type { ClientContext } from '../client-context.ts';
import { TinkerError } from '../errors.ts';
import { ask } from '../http/connection.ts';
import { readAccepted } from '../http/accepted.ts';
import { postJson } from '../http/http-request.ts';
import { readJson } from '../http/read-answer.ts';
import { retrieveJson } from '../http/retrieve-json.ts';
import { createModel } from '../model/create-model.ts';
import { createSampler } from '../sampling/create-sampler.ts';
import type { SessionOptions } from '../tinker-client.ts';
import { beat } from './heartbeat.ts';
import { loraToJson } from './lora-json.ts';
import { startSession } from './start-session.ts';
import { callSignal, type SessionContext } from './session-context.ts';
import type { LoraConfig, Session } from './session.ts';

/** Opens a session and keeps it alive. */
export async function openSession(client: ClientContext, options: SessionOptions = {}): Promise<Session> {
  const { connection } = client;
  const config = await client.serverConfig(options.signal);
  const sessionId = await startSession(connection, options);
  const end = new AbortController();
  let samplers = 0;
  let models = 0;
  const context: SessionContext = {
    ...client,
    config,
    compress: client.compress ?? config.compressPasses,
    ended: end.signal,
    nextSamplerSeqId: () => samplers++,
  };
  void keepAlive(context, sessionId, end);

  const session: Session = {
    sessionId,
    async createModel({ baseModel, lora, userMetadata, signal }) {
      const body = {
        session_id: sessionId,
        model_seq_id: models++,
        base_model: baseModel,
        ...(userMetadata && { user_metadata: userMetadata }),
        ...(lora !== 'full' && { lora_config: loraToJson(lora) }),
      };
      const ends = callSignal(context, signal);
      const answer = await ask(connection, postJson('create_model', body, { signal: ends }));
      const accepted = readAccepted(connection, 'create_model', answer);
      const form = z.object({ model_id: z.string() });
      const { model_id: modelId } = await retrieveJson(connection, accepted, form, ends);
      return createModel(context, modelId);
    },
    async createModelFrom(path, { signal, optimizer = true, userMetadata } = {}) {
      const {
        baseModel,
        loraRank,
        isLora: _,
        ...layers
      } = await client.checkpoints.info(path, {
        signal: callSignal(context, signal),
      });
      const lora: LoraConfig | 'full' =
        loraRank !== undefined ? { rank: loraRank, ...given(layers) } : 'full';
      const call = signal ? { signal } : {};
      const model = await session.createModel({
        baseModel,
        lora,
        ...(userMetadata && { userMetadata }),
        ...call,
      });
      await model.loadWeights(path, { optimizer, ...call });
      return model;
    },
    async createSampler({ signal, ...source }) {
      const body = {
        session_id: sessionId,
        sampling_session_seq_id: context.nextSamplerSeqId(),
        ...('modelPath' in source ? { model_path: source.modelPath } : { base_model: source.baseModel }),
      };
      const request = postJson('create_sampling_session', body, { signal: callSignal(context, signal) });
      const form = z.object({ sampling_session_id: z.string() });
      const { sampling_session_id: id } = readJson(
        'create_sampling_session',
        await ask(connection, request),
        form,
      );
      return createSampler(context, id);
    },
    async close(status = 'success', detail) {
      if (end.signal.aborted) return;
      end.abort(new TinkerError('session-ended', `Session ${sessionId} was closed. Open a new one.`));
      const body = { reason: { type: status }, ...(detail !== undefined && { detail }) };
      const request = postJson('finish_session', body);
      // Servers that do not know the question forget the session when its heartbeats stop.
      await connection
        .send({
          ...request,
          timeoutMs: 5000,
          path: `/api/v1/sessions/${encodeURIComponent(sessionId)}/finish`,
        })
        .catch(() => undefined);
    },
    [Symbol.asyncDispose]: async () => session.close(),
  };
  return session;
}

/** Ends the session here when the server has ended it. */
async function keepAlive(
  { connection }: SessionContext,
  sessionId: string,
  end: AbortController,
): Promise<void> {
  const error = await beat(connection, sessionId, end.signal).catch(() => undefined);
  // Without an error the session was closed here.
  if (!error) return;
  connection.emit({ type: 'session-ended', sessionId, error });
  end.abort(error);
}

const given = <Values extends Record<string, unknown>>(values: Values) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Values]?: Exclude<Values[Name], undefined>;
  };
