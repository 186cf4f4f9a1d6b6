/**
 * A server of the Tinker API for tests, in memory: strict about the order of a model's requests, and as
 * forgetful, slow or old as a test wants it. It reads and writes the formats by hand-made JSON and by the
 * codec of this package, which is itself held to recorded bodies.
 */
import { Hono, type Context } from 'hono';
import { decodePassRequest, isZstd, passRequestJson, zstdDecompress } from '../wire/index.ts';
import type { PassRequest } from '../wire/pass-request.ts';
import { runPass, type Clipping, type FixtureModel } from './fixture-engine.ts';
import { drawSample, runJson, writeResult, type FixtureResult } from './fixture-results.ts';

/** How the server behaves. */
export interface FixtureOptions {
  readonly config?: Record<string, unknown>;
  readonly clipping?: Clipping;
  /** Reads JSON alone, as servers from before the binary format. */
  readonly jsonOnly?: boolean;
  /** Answers before a result: each is one question for it. */
  readonly pending?: readonly ('try_again' | 'timeout')[];
  /** Whether a save that is sent twice is told to be a conflict, as SkyRL tells it. */
  readonly savesConflict?: boolean;
  /** Results that are long in coming: the nth request that was taken, from 0. */
  readonly slow?: readonly number[];
  /** Results that are lost: the nth request that was taken, from 0. */
  readonly lost?: readonly number[];
  /** Operations that fail after they were taken. */
  readonly failing?: Readonly<Record<string, string>>;
}

interface Future {
  readonly result: FixtureResult;
  pending: string[];
}

/** The server, and what it did. */
export interface FixtureServer {
  readonly fetch: (request: Request) => Response | Promise<Response>;
  /** The numbered requests of models that were carried out, as `forward_backward 1`. */
  readonly done: readonly string[];
  readonly models: ReadonlyMap<string, FixtureModel>;
  heartbeats: number;
  /** Ends every session. */
  endSessions(): void;
}

/** Starts with no sessions. */
export function createFixtureServer(options: FixtureOptions = {}): FixtureServer {
  const app = new Hono().basePath('/api/v1');
  const futures: Future[] = [];
  const models = new Map<
    string,
    FixtureModel & { next: number; byNumber: Map<number, { body: string; answer: object }> }
  >();
  const checkpoints = new Map<string, FixtureModel>();
  const done: string[] = [];
  const taken = new Map<string, object>();
  let sessionsEnded = false;
  const server = { heartbeats: 0 };

  const accept = (operation: string, result: FixtureResult) => {
    const failure = options.failing?.[operation];
    futures.push({
      result: failure ? { json: { error: failure, category: 'user' } } : result,
      pending: [
        ...(options.pending ?? []),
        ...(options.slow?.includes(futures.length) ? Array.from({ length: 20 }, () => 'try_again') : []),
      ],
    });
    return { request_id: String(futures.length - 1) };
  };

  /** Carries out a model's request once, in the order of the numbers. */
  const inOrder = (
    context: Context,
    operation: string,
    modelId: string,
    seqId: number,
    body: string,
    run: (model: FixtureModel) => FixtureResult,
  ) => {
    const model = models.get(modelId);
    if (!model) return context.json({ detail: 'Model not found' }, 404);
    const before = model.byNumber.get(seqId);
    if (before)
      return before.body === body
        ? context.json(before.answer)
        : context.json({ detail: `number ${seqId} was reused` }, 409);
    if (seqId !== model.next)
      return context.json({ detail: `got number ${seqId}, expected ${model.next}` }, 409);
    model.next++;
    done.push(`${operation} ${seqId}`);
    const answer = accept(operation, run(model));
    model.byNumber.set(seqId, { body, answer });
    return context.json(answer);
  };

  const pass = (context: Context, request: PassRequest) =>
    inOrder(
      context,
      request.forwardOnly ? 'forward' : 'forward_backward',
      request.modelId,
      request.seqId,
      JSON.stringify(request),
      (model) => ({
        pass: runPass(model, request.data, request.loss, request.forwardOnly, options.clipping ?? 'honours'),
      }),
    );

  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  app.post('/client/config', (context) =>
    options.config ? context.json(options.config) : context.json({ detail: 'Not Found' }, 404),
  );
  app.get('/get_server_capabilities', (context) =>
    context.json({ supported_models: [{ model_name: 'tiny', max_context_length: 4096 }] }),
  );
  app.post('/create_session', (context) =>
    context.json({ type: 'create_session', session_id: 's1', info_message: 'welcome' }),
  );
  app.post('/session_heartbeat', (context) => {
    server.heartbeats++;
    return sessionsEnded
      ? context.json({ detail: 'gone' }, 410)
      : context.json({ type: 'session_heartbeat' });
  });
  app.post('/sessions/:id/finish', (context) => context.json({ detail: 'Not Found' }, 404));
  app.post('/create_model', async (context) => {
    const { model_seq_id: number } = await context.req.json<{ model_seq_id: number }>();
    const modelId = `m${number}`;
    if (!models.has(modelId)) models.set(modelId, { weight: 0, gradient: 0, next: 1, byNumber: new Map() });
    return context.json(accept('create_model', { json: { model_id: modelId } }));
  });
  app.post('/forward_backward', async (context) => {
    const body = new Uint8Array(await context.req.arrayBuffer());
    if (!context.req.header('content-type')?.includes('x-protobuf'))
      return pass(context, passRequestJson.parse(JSON.parse(new TextDecoder().decode(body))));
    if (options.jsonOnly) return context.json({ detail: 'JSON decode error' }, 422);
    if ((context.req.header('content-encoding') === 'zstd') !== isZstd(body))
      return context.json({ detail: 'not zstd' }, 422);
    return pass(context, decodePassRequest(isZstd(body) ? await zstdDecompress(body) : body));
  });
  app.post('/forward', async (context) => pass(context, passRequestJson.parse(await context.req.json())));
  app.post('/optim_step', async (context) => {
    const body = await context.req.json<{
      model_id: string;
      seq_id: number;
      adam_params: { learning_rate: number };
    }>();
    return inOrder(context, 'optim_step', body.model_id, body.seq_id, JSON.stringify(body), (model) => {
      model.weight += body.adam_params.learning_rate * model.gradient;
      model.gradient = 0;
      return { json: { metrics: { 'weight:max': model.weight } } };
    });
  });
  app.post('/save_weights', async (context) => {
    const body = await context.req.json<{ model_id: string; seq_id: number; path: string }>();
    const path = `tinker://${body.model_id}/weights/${body.path}`;
    if (checkpoints.has(path) && options.savesConflict)
      return context.json({ detail: 'Checkpoint already exists' }, 409);
    return inOrder(context, 'save_weights', body.model_id, body.seq_id, JSON.stringify(body), (model) => {
      checkpoints.set(path, { ...model });
      return { json: { path, type: 'save_weights' } };
    });
  });
  app.post('/load_weights', async (context) => {
    const body = await context.req.json<{
      model_id: string;
      seq_id: number;
      path: string;
      optimizer: boolean;
    }>();
    if (!checkpoints.has(body.path)) return context.json({ detail: 'Checkpoint not found' }, 404);
    return inOrder(context, 'load_weights', body.model_id, body.seq_id, JSON.stringify(body), (model) => {
      model.weight = checkpoints.get(body.path)!.weight;
      return { json: { type: 'load_weights' } };
    });
  });
  app.post('/save_weights_for_sampler', async (context) => {
    const body = await context.req.json<{
      model_id: string;
      seq_id: number;
      path?: string;
      sampling_session_seq_id?: number;
    }>();
    return inOrder(
      context,
      'save_weights_for_sampler',
      body.model_id,
      body.seq_id,
      JSON.stringify(body),
      (model) => {
        const path = `tinker://${body.model_id}/sampler_weights/${body.path ?? `ss${body.sampling_session_seq_id}`}`;
        checkpoints.set(path, { ...model });
        return { json: body.path ? { path } : { path: null, sampling_session_id: path } };
      },
    );
  });
  app.post('/unload_model', async (context) => {
    const { model_id: modelId } = await context.req.json<{ model_id: string }>();
    models.delete(modelId);
    return context.json(accept('unload_model', { json: { model_id: modelId, type: 'unload_model' } }));
  });
  app.post('/get_info', (context) =>
    context.json({
      model_id: 'm0',
      model_data: { model_name: 'tiny', tokenizer_id: 'tiny:main', lora_config: { rank: 8 } },
    }),
  );
  app.post('/create_sampling_session', async (context) => {
    const body = await context.req.json<{ model_path?: string; base_model?: string }>();
    return context.json({ sampling_session_id: body.model_path ?? body.base_model });
  });
  app.post('/asample', async (context) => {
    const body = await context.req.json<Record<string, unknown>>();
    const key = `${String(body['sampling_session_id'])}:${String(body['seq_id'])}`;
    const before = taken.get(key);
    if (before) return context.json(before);
    const answer = {
      ...accept('asample', { sample: drawSample(body, checkpoints) }),
      sample_sequence_ids: Array.from(
        { length: Number(body['num_samples']) },
        (_, index) => `${key}:${index}`,
      ),
    };
    taken.set(key, answer);
    return context.json(answer);
  });
  app.post('/retrieve_future', async (context) => {
    const { request_id: id } = await context.req.json<{ request_id: string }>();
    const future = futures[Number(id)];
    if (!future || options.lost?.includes(Number(id)))
      return context.json({ detail: 'Future not found' }, 410);
    const wait = future.pending.shift();
    if (wait === 'timeout')
      return context.json({ queue_state: 'paused_capacity', queue_state_reason: 'full' }, 408);
    if (wait) return context.json({ type: 'try_again', request_id: id, queue_state: 'active' });
    return writeResult(context, future.result);
  });
  app.post('/weights_info', (context) => context.json({ base_model: 'tiny', is_lora: true, lora_rank: 8 }));
  const listed = () =>
    [...checkpoints.keys()].map((path) => ({
      checkpoint_id: path.split('/').slice(3).join('/'),
      checkpoint_type: path.includes('sampler') ? 'sampler' : 'training',
      time: '2026-01-01T00:00:00Z',
      tinker_path: path,
      size_bytes: null,
    }));
  app.get('/training_runs/:id/checkpoints', (context) => context.json({ checkpoints: listed() }));
  app.get('/checkpoints', (context) =>
    context.json({ checkpoints: listed(), cursor: { offset: 0, limit: 100, total_count: checkpoints.size } }),
  );
  app.delete('/training_runs/:id/checkpoints/:kind/:name', (context) => {
    const { id, kind, name } = context.req.param();
    return checkpoints.delete(`tinker://${id}/${kind}/${name}`)
      ? context.body(null, 204)
      : context.json({ detail: 'Checkpoint not found' }, 404);
  });
  app.get('/training_runs/:id/checkpoints/:name/archive', (context) =>
    context.redirect(`https://files.example/${context.req.param('name')}`),
  );
  app.get('/training_runs', (context) =>
    context.json({
      training_runs: [...models.keys()].map(runJson),
      cursor: { offset: 0, limit: 20, total_count: models.size },
    }),
  );
  app.get('/training_runs/:id', (context) => context.json(runJson(context.req.param('id'))));

  return Object.assign(server, {
    fetch: async (request: Request) => app.fetch(request),
    done,
    models,
    endSessions: () => {
      sessionsEnded = true;
    },
  });
}
