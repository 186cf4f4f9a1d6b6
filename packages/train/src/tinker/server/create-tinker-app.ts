/** The HTTP side of the Tinker API: addresses, statuses and formats. What they mean is in `tinker-service.ts`. */
import { type ErrorCode, MemagentError, messageOf } from '@memagent/core';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { readPass } from './read-pass.ts';
import * as requests from './requests.ts';
import { resultToJson, resultToProtobuf } from './result-wire.ts';
import type { StoredCheckpoint } from './checkpoint-store.ts';
import type { TinkerService } from './tinker-service.ts';

export interface TinkerAppOptions {
  service: TinkerService;
  /** How long a question for a result is held open. Default 20 s. */
  pollMs?: number;
  /** What clients must send as `X-API-Key` (or as a bearer token); default: anyone is served. */
  apiKey?: string;
}

const protobuf = 'application/x-protobuf';

/** Makes the application; its `fetch` serves requests without a network, too. */
export function createTinkerApp({ service, pollMs = 20_000, apiKey }: TinkerAppOptions): Hono {
  const api = new Hono();

  if (apiKey !== undefined) {
    api.use(async (context, next) => {
      const bearer = context.req.header('authorization')?.replace(/^Bearer /, '');
      if (
        context.req.path.endsWith('/healthz') ||
        [context.req.header('x-api-key'), bearer].includes(apiKey)
      ) {
        return next();
      }
      return context.json({ detail: 'The API key is missing or wrong.' }, 401);
    });
  }

  api.get('/healthz', (context) => context.json({ status: 'ok' }));
  api.get('/get_server_capabilities', (context) =>
    context.json({
      supported_models: service.baseModelNames.map((name) => ({
        model_name: name,
        max_context_length: service.contextLength(name),
        trainable: true,
        sampleable: true,
      })),
    }),
  );
  // What a client need not ask for: no other authentication, no features that are behind a flag.
  api.post('/client/config', (context) =>
    context.json({ pjwt_auth_enabled: false, proto_compress_fwdbwd: true }),
  );
  api.post('/client/dynamic_config', (context) => context.json({ refresh_interval_sec: 3600 }));
  api.post('/telemetry', (context) => context.json({ status: 'accepted' }));

  api.post('/create_session', async (context) => {
    await read(context, requests.createSessionSchema);
    return context.json({ session_id: service.createSession(), type: 'create_session' });
  });
  api.post('/session_heartbeat', async (context) => {
    service.requireSession((await read(context, requests.heartbeatSchema)).session_id);
    return context.json({ type: 'session_heartbeat' });
  });
  api.post('/sessions/:id/finish', (context) => context.json({}));

  api.post('/create_model', async (context) => {
    const body = await read(context, requests.createModelSchema);
    const { session_id, model_seq_id, base_model, user_metadata } = body;
    return accepted(
      context,
      service.createModel(session_id, model_seq_id ?? undefined, base_model, user_metadata),
    );
  });
  api.post('/load_weights', async (context) =>
    accepted(context, service.loadWeights(await read(context, requests.loadWeightsSchema))),
  );
  api.post('/get_info', async (context) => {
    const { model_id } = await read(context, requests.modelSchema);
    const name = await service.baseModelOfTraining(model_id);
    const model_data = { arch: 'qwen2', model_name: name, tokenizer_id: name };
    return context.json({ type: 'get_info', model_id, model_data, model_name: name, is_lora: false });
  });
  api.post('/unload_model', async (context) => {
    const { model_id } = await read(context, requests.modelSchema);
    return accepted(context, service.unloadModel(model_id), model_id);
  });

  api.post('/:pass{forward|forward_backward}', async (context) => {
    const pass = await readPass({
      bytes: new Uint8Array(await context.req.arrayBuffer()),
      isProtobuf: context.req.header('content-type')?.includes(protobuf) === true,
      isCompressed: context.req.header('content-encoding') === 'zstd',
    });
    return accepted(context, service.pass(pass), pass.modelId);
  });
  api.post('/optim_step', async (context) =>
    accepted(context, service.optimStep(await read(context, requests.optimStepSchema))),
  );
  api.post('/save_weights', async (context) =>
    accepted(context, service.saveWeights(await read(context, requests.saveWeightsSchema))),
  );
  api.post('/save_weights_for_sampler', async (context) =>
    accepted(context, service.saveWeightsForSampler(await read(context, requests.saveWeightsSchema))),
  );

  api.post('/create_sampling_session', async (context) => {
    const body = await read(context, requests.createSamplingSessionSchema);
    const id = await service.createSamplingSession(body.session_id, body.base_model, body.model_path);
    return context.json({ sampling_session_id: id, type: 'create_sampling_session' });
  });
  api.post('/join_sampling_session', async (context) => {
    const { sampling_session_id: id } = await read(context, requests.joinSchema);
    return context.json({ client_counter: service.joinSamplingSession(id), type: 'join_sampling_session' });
  });
  api.get('/samplers/:id', (context) => {
    const id = context.req.param('id');
    const { baseModel, modelPath } = service.describeSampler(id);
    return context.json({ sampler_id: id, base_model: baseModel, model_path: modelPath ?? null });
  });
  api.post('/asample', async (context) => {
    const body = await read(context, requests.sampleSchema);
    const id = service.sample(body);
    const names = Array.from({ length: body.num_samples }, (_, index) => `${id}/${index}`);
    return context.json({ request_id: id, sample_sequence_ids: names });
  });

  api.post('/retrieve_future', async (context) => {
    const { request_id: id } = await read(context, requests.retrieveFutureSchema);
    const outcome = await service.retrieve(id, pollMs);
    switch (outcome.status) {
      case 'pending':
        return context.json({ type: 'try_again', request_id: id, queue_state: 'active' }, 408);
      case 'unknown':
        return context.json(
          { detail: `Request ${id} is not known here; the server may have been started anew.` },
          410,
        );
      case 'failed':
        return context.json({ error: outcome.error, category: outcome.category });
      case 'done': {
        const wantsProtobuf = context.req.header('accept')?.includes(protobuf) === true;
        const bytes = wantsProtobuf ? resultToProtobuf(outcome.result) : undefined;
        return bytes
          ? context.body(bytes, 200, { 'content-type': protobuf })
          : context.json(resultToJson(outcome.result));
      }
      default:
        return outcome satisfies never;
    }
  });
  api.post('/cancel_future', (context) => context.json({}));

  const { store } = service;
  const describeRun = async (id: string): Promise<Record<string, unknown>> => {
    const { baseModel, userMetadata } = await store.readRun(id);
    const checkpoints = await store.list(id);
    const last = (kind: string): unknown => {
      const found = checkpoints.findLast((one) => one.kind === kind);
      return found ? describeCheckpoint(found) : null;
    };
    return {
      training_run_id: id,
      base_model: baseModel,
      model_owner: 'local',
      is_lora: false,
      lora_rank: null,
      last_request_time: (checkpoints.at(-1)?.time ?? new Date(0)).toISOString(),
      last_checkpoint: last('weights'),
      last_sampler_checkpoint: last('sampler_weights'),
      user_metadata: userMetadata ?? null,
    };
  };
  api.get('/training_runs', async (context) => {
    const all = await store.listRuns();
    const offset = countOf(context.req.query('offset'), 0);
    const limit = countOf(context.req.query('limit'), 20);
    const training_runs = await Promise.all(all.slice(offset, offset + limit).map(describeRun));
    return context.json({ training_runs, cursor: { offset, limit, total_count: all.length } });
  });
  api.get('/training_runs/:id', async (context) => context.json(await describeRun(context.req.param('id'))));
  api.get('/training_runs/:id/checkpoints', async (context) =>
    context.json({ checkpoints: (await store.list(context.req.param('id'))).map(describeCheckpoint) }),
  );
  api.delete('/training_runs/:id/checkpoints/:kind/:name', async (context) => {
    const { id, kind, name } = context.req.param();
    const parsed = store.parsePath(`tinker://${id}/${kind}/${name}`);
    await store.remove(parsed.modelId, parsed.kind, parsed.name);
    return context.json({});
  });
  api.put('/training_runs/:id/checkpoints/:kind/:name/ttl', async (context) => {
    const { id, kind, name } = context.req.param();
    const path = `tinker://${id}/${kind}/${name}`;
    const { ttl_seconds: ttlSeconds } = await read(context, requests.setTtlSchema);
    await store.find(path);
    const parsed = store.parsePath(path);
    await store.setTtl(parsed.modelId, parsed.kind, parsed.name, ttlSeconds);
    return context.json({});
  });
  api.post('/weights_info', async (context) => {
    const { tinker_path: path } = await read(context, requests.weightsInfoSchema);
    await store.find(path);
    const { baseModel } = await store.readRun(store.parsePath(path).modelId);
    return context.json({ base_model: baseModel, is_lora: false, lora_rank: null });
  });

  const app = new Hono().route('/api/v1', api);
  app.notFound((context) =>
    context.json({ detail: `${context.req.method} ${context.req.path} is not served.` }, 404),
  );
  app.onError((error, context) => {
    if (error instanceof z.ZodError) return context.json({ detail: z.prettifyError(error) }, 422);
    if (error instanceof SyntaxError)
      return context.json({ detail: `The body is no JSON: ${error.message}` }, 400);
    const status = error instanceof MemagentError ? (statuses[error.code] ?? 500) : 500;
    return context.json({ detail: messageOf(error) }, status);
  });
  return app;
}

async function read<Schema extends z.ZodType>(context: Context, schema: Schema): Promise<z.output<Schema>> {
  return schema.parse(await context.req.json());
}

function accepted(context: Context, requestId: string, modelId?: string): Response {
  return context.json({ request_id: requestId, ...(modelId === undefined ? {} : { model_id: modelId }) });
}

const statuses: Partial<Record<ErrorCode, 400 | 404>> = {
  'invalid-option': 400,
  'bad-checkpoint': 404,
  'run-not-found': 404,
};

function describeCheckpoint({
  kind,
  name,
  path,
  time,
  bytes,
  expiresAt,
}: StoredCheckpoint): Record<string, unknown> {
  return {
    checkpoint_id: `${kind}/${name}`,
    checkpoint_type: kind === 'weights' ? 'training' : 'sampler',
    time: time.toISOString(),
    tinker_path: path,
    size_bytes: bytes,
    public: false,
    expires_at: expiresAt?.toISOString() ?? null,
  };
}

function countOf(text: string | undefined, fallback: number): number {
  const count = Number(text ?? fallback);
  return Number.isInteger(count) && count >= 0 ? count : fallback;
}
