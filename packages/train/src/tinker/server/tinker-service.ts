/**
 * The Tinker API over the embedded engine, apart from HTTP: sessions, models that are trained, weights to sample
 * from, and the requests to them. Models and weights without a name live in memory alone and end with the server;
 * what was saved under a name is on the disk and outlives it.
 */
import { randomUUID } from 'node:crypto';
import { MemagentError } from '@memagent/core';
import type { PassRequest } from '@memagent/tinker/wire';
import type { SampledActions } from '../../backend/backend.ts';
import { drawSeed } from '../../rollout/draw-seed.ts';
import type { Tensors } from '../../tiny/tensors.ts';
import type { TinyConfig } from '../../tiny/tiny-config.ts';
import { readTinyWeights } from '../../tiny/tiny-files.ts';
import { type CheckpointKind, createCheckpointStore } from './checkpoint-store.ts';
import { createFutures } from './futures.ts';
import { createRequestOrder, type RequestOrder } from './request-order.ts';
import type { LoadWeightsBody, OptimStepBody, SampleBody, SaveWeightsBody } from './requests.ts';
import { createSamplingRoom, type SamplingRoom } from './sampling-room.ts';
import { parseTokenDatum } from './token-datum.ts';
import { findTokenLoss, type TokenLossName, tokenLossNames } from './token-loss.ts';
import { createTrainedModel, type TrainedModel } from './trained-model.ts';

/** A model that clients can begin with. */
export interface BaseModel {
  config: TinyConfig;
  weights: Tensors;
}

export interface TinkerServiceOptions {
  /** Where checkpoints are kept. */
  folder: string;
  /** By the name that clients call them. */
  baseModels: Readonly<Record<string, BaseModel>>;
  /** Seconds that checkpoints are kept which do not say so themselves. Default: for good. */
  keepSeconds?: number | undefined;
}

/** What a finished request gives. */
export type ServiceResult =
  | { kind: 'pass'; logprobs: readonly (readonly number[])[]; metrics: Readonly<Record<string, number>> }
  | { kind: 'sample'; sequences: readonly SampledActions[]; promptLogprobs?: readonly (number | null)[] }
  | { kind: 'json'; body: Readonly<Record<string, unknown>> };

interface Model {
  order: RequestOrder;
  /** Requests may come in while it is made. */
  ready: Promise<ReadyModel>;
}

interface ReadyModel {
  modelId: string;
  baseModel: string;
  trained: TrainedModel;
}

/** Weights that a sampling session samples from. */
interface Sampler {
  baseModel: string;
  modelPath?: string;
  weights: Tensors;
}

export type TinkerService = ReturnType<typeof createTinkerService>;

export function createTinkerService({ folder, baseModels, keepSeconds }: TinkerServiceOptions) {
  const store = createCheckpointStore(folder, { keepSeconds });
  const futures = createFutures<ServiceResult>();
  const sessions = new Set<string>();
  const models = new Map<string, Model>();
  const samplers = new Map<string, Sampler>();
  const clones = new Map<string, number>();
  const rooms = new Map<string, SamplingRoom>();
  let unnamed = 0;

  const baseModelOf = (name: string): BaseModel => {
    const found = baseModels[name];
    if (found) return found;
    throw notFound(`model ${JSON.stringify(name)}`, `It has: ${Object.keys(baseModels).join(', ')}.`);
  };
  const modelOf = (id: string): Model => {
    const model = models.get(id);
    if (model) return model;
    throw notFound(
      `training of model ${id} under way`,
      'It was started anew, or the model was unloaded; create a model and load what was saved.',
    );
  };
  const samplerOf = (id: string): Sampler => {
    const sampler = samplers.get(id);
    if (sampler) return sampler;
    throw notFound(`sampling session ${id}`, 'It may have been started anew; create the session again.');
  };
  const requireSession = (id: string): void => {
    if (!sessions.has(id)) throw notFound(`session ${id}`, 'It may have been started anew; create another.');
  };
  const roomOf = (baseModel: string): SamplingRoom => {
    const room = rooms.get(baseModel) ?? createSamplingRoom(baseModelOf(baseModel).config);
    rooms.set(baseModel, room);
    return room;
  };

  async function openSampler(baseModel?: string | null, modelPath?: string | null): Promise<Sampler> {
    if (modelPath) {
      const at = await store.find(modelPath);
      const { baseModel: name } = await store.readRun(store.parsePath(modelPath).modelId);
      return { baseModel: name, modelPath, weights: await readTinyWeights(at, baseModelOf(name).config) };
    }
    if (baseModel) return { baseModel, weights: baseModelOf(baseModel).weights };
    throw new MemagentError('A sampler needs base_model or model_path.', { code: 'invalid-option' });
  }

  /** Saves under a name, and deletes what has outlived its time. */
  async function keep(
    modelId: string,
    kind: CheckpointKind,
    name: string,
    trained: TrainedModel,
    ttlSeconds: number | null | undefined,
  ): Promise<string> {
    const saved = await store.save(modelId, kind, name, (at) => trained.save(at), ttlSeconds ?? undefined);
    await store.sweep();
    return saved;
  }

  /** Makes a model under the id that its client expects, and does `then` with it; once, however often it is asked. */
  function addModel(
    sessionId: string,
    modelSeqId: number | undefined,
    make: () => Promise<{ baseModel: string; userMetadata?: Record<string, unknown> | null | undefined }>,
    then: (model: ReadyModel) => Promise<ServiceResult>,
  ): string {
    requireSession(sessionId);
    const modelId = `${sessionId}:train:${modelSeqId ?? randomUUID()}`;
    const start = async (): Promise<ReadyModel> => {
      const { baseModel, userMetadata } = await make();
      const { config, weights } = baseModelOf(baseModel);
      await store.writeRun(modelId, { baseModel, ...(userMetadata ? { userMetadata } : {}) });
      return { modelId, baseModel, trained: createTrainedModel(config, weights) };
    };
    return futures.accept(() => {
      const first = start();
      const result = first.then(then);
      // Requests wait for what `then` does, and fail if it fails.
      const ready = Promise.all([first, result]).then(([model]) => model);
      ready.catch(() => models.delete(modelId));
      models.set(modelId, { order: createRequestOrder(), ready });
      return result;
    }, `${modelId}/new`);
  }

  /** A request to a model, in its turn. */
  function inTurn(
    modelId: string,
    seqId: number | undefined,
    work: (model: ReadyModel) => ServiceResult | Promise<ServiceResult>,
  ): string {
    const model = modelOf(modelId);
    const key = seqId === undefined ? undefined : `${modelId}/${seqId}`;
    return futures.accept(() => model.order.run(seqId, async () => work(await model.ready)), key);
  }

  return {
    retrieve: futures.retrieve,
    baseModelNames: Object.keys(baseModels),
    contextLength: (name: string): number => baseModelOf(name).config.max_position_embeddings,
    store,

    createSession(): string {
      const id = `session-${randomUUID()}`;
      sessions.add(id);
      return id;
    },
    requireSession,

    createModel(
      sessionId: string,
      modelSeqId: number | undefined,
      baseModel: string,
      userMetadata?: Record<string, unknown> | null,
    ): string {
      baseModelOf(baseModel);
      return addModel(
        sessionId,
        modelSeqId,
        async () => ({ baseModel, userMetadata }),
        async ({ modelId }) => ({ kind: 'json', body: { model_id: modelId, type: 'create_model' } }),
      );
    },

    /** Onto a model that is there, or, addressed by session, onto a new one. */
    loadWeights({
      model_id,
      seq_id,
      session_id,
      model_seq_id,
      path,
      optimizer,
      ...body
    }: LoadWeightsBody): string {
      const load = async ({ trained, modelId }: ReadyModel): Promise<ServiceResult> => {
        await trained.load(await store.find(path), { withOptimizer: optimizer });
        return { kind: 'json', body: { path, model_id: modelId, type: 'load_weights' } };
      };
      if (model_id) return inTurn(model_id, seq_id ?? undefined, load);
      if (!session_id) {
        throw new MemagentError('load_weights needs model_id or session_id.', { code: 'invalid-option' });
      }
      return addModel(
        session_id,
        model_seq_id ?? undefined,
        async () => {
          await store.find(path);
          const { baseModel } = await store.readRun(store.parsePath(path).modelId);
          return { baseModel, userMetadata: body.user_metadata };
        },
        load,
      );
    },

    pass({ modelId, seqId, data, loss: { lossFn, config = {} }, forwardOnly }: PassRequest): string {
      const lossOf = findTokenLoss(requireLossName(lossFn), config);
      // 0 is how the formats say that there is none.
      return inTurn(modelId, seqId === 0 ? undefined : seqId, ({ trained, baseModel }) => {
        const vocabulary = baseModelOf(baseModel).config.vocab_size;
        const datums = data.map((datum, index) => parseTokenDatum(datum, index, vocabulary));
        const { logprobs, loss } = forwardOnly
          ? trained.forward(datums, lossOf)
          : trained.forwardBackward(datums, lossOf);
        return { kind: 'pass', logprobs, metrics: { 'loss:sum': loss } };
      });
    },

    optimStep({ model_id, seq_id, adam_params: adam }: OptimStepBody): string {
      return inTurn(model_id, seq_id ?? undefined, ({ trained }) => {
        const gradientNorm = trained.optimStep({
          learningRate: adam.learning_rate,
          beta1: adam.beta1,
          beta2: adam.beta2,
          epsilon: adam.eps,
          weightDecay: adam.weight_decay,
          clipNorm: adam.grad_clip_norm === 0 ? Infinity : adam.grad_clip_norm,
        });
        return { kind: 'json', body: { metrics: { grad_norm: gradientNorm }, type: 'optim_step' } };
      });
    },

    saveWeights({ model_id, seq_id, path, ttl_seconds: ttl }: SaveWeightsBody): string {
      return inTurn(model_id, seq_id ?? undefined, async ({ trained }) => {
        const name = path ?? `unnamed-${(unnamed += 1)}`;
        const saved = await keep(model_id, 'weights', name, trained, ttl);
        return { kind: 'json', body: { path: saved, type: 'save_weights' } };
      });
    },

    /** Under a name on the disk; or, without one, as a sampling session in memory. */
    saveWeightsForSampler({
      model_id,
      seq_id,
      path,
      sampling_session_seq_id: session,
      ttl_seconds: ttl,
    }: SaveWeightsBody): string {
      return inTurn(model_id, seq_id ?? undefined, async ({ trained, baseModel }) => {
        const type = 'save_weights_for_sampler';
        if (!path && session !== undefined && session !== null) {
          const samplingSessionId = `sampling-${randomUUID()}`;
          samplers.set(samplingSessionId, { baseModel, weights: trained.weights() });
          forgetOldest(samplers, mostSamplers);
          return { kind: 'json', body: { path: null, sampling_session_id: samplingSessionId, type } };
        }
        const name = path ?? `unnamed-${(unnamed += 1)}`;
        const saved = await keep(model_id, 'sampler_weights', name, trained, ttl);
        return { kind: 'json', body: { path: saved, type } };
      });
    },

    async createSamplingSession(
      sessionId: string,
      baseModel?: string | null,
      modelPath?: string | null,
    ): Promise<string> {
      requireSession(sessionId);
      const id = `sampling-${randomUUID()}`;
      samplers.set(id, await openSampler(baseModel, modelPath));
      forgetOldest(samplers, mostSamplers);
      return id;
    },

    joinSamplingSession(id: string): number {
      samplerOf(id);
      const number = (clones.get(id) ?? 0) + 1;
      clones.set(id, number);
      return number;
    },
    describeSampler: (id: string): Pick<Sampler, 'baseModel' | 'modelPath'> => samplerOf(id),
    baseModelOfTraining: async (modelId: string): Promise<string> => (await modelOf(modelId).ready).baseModel,

    sample(body: SampleBody): string {
      const { sampling_session_id: sessionId, seq_id: seqId, sampling_params: params, prompt } = body;
      const known = sessionId ? samplerOf(sessionId) : undefined;
      const key = sessionId && typeof seqId === 'number' ? `${sessionId}/${seqId}` : undefined;
      const stop = params.stop ?? undefined;
      if (typeof stop === 'string' || stop?.some((one) => typeof one === 'string')) {
        throw new MemagentError('Stop sequences are token ids here, not texts.', { code: 'invalid-option' });
      }
      if (params.top_k !== -1) {
        throw new MemagentError(`top_k is ${params.top_k}; only -1 (no limit) is supported.`, {
          code: 'invalid-option',
        });
      }
      return futures.accept(async () => {
        const sampler = known ?? (await openSampler(body.base_model, body.model_path));
        const { config } = baseModelOf(sampler.baseModel);
        const room = roomOf(sampler.baseModel);
        requireTokens(prompt, config.vocab_size);
        const seed = params.seed ?? drawSeed(key ?? randomUUID());
        const sequences = await Promise.all(
          Array.from({ length: body.num_samples }, (_, index) =>
            room.sample({
              weights: sampler.weights,
              ends: (stop as number[] | undefined) ?? config.eos_token_id,
              request: {
                observation: prompt,
                maxActions: params.max_tokens ?? 256,
                temperature: params.temperature,
                topP: params.top_p,
                seed: index === 0 ? seed : drawSeed(`${seed}/${index}`),
              },
            }),
          ),
        );
        if (!body.prompt_logprobs) return { kind: 'sample', sequences };
        const last = body.prompt_logprobs_last_n ?? prompt.length;
        const promptLogprobs = [null, ...room.score(sampler.weights, prompt)].map((logprob, index) =>
          index < prompt.length - last ? null : logprob,
        );
        return { kind: 'sample', sequences, promptLogprobs };
      }, key);
    },

    unloadModel(modelId: string): string {
      return inTurn(modelId, undefined, ({ trained }) => {
        models.delete(modelId);
        trained.close();
        return { kind: 'json', body: { model_id: modelId, type: 'unload_model' } };
      });
    },

    close(): void {
      for (const { ready } of models.values()) ready.then(({ trained }) => trained.close()).catch(() => {});
      for (const room of rooms.values()) room.close();
    },
  };
}

/** Weights that are kept in memory for sampling. */
const mostSamplers = 64;

function forgetOldest<Value>(map: Map<string, Value>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}

function requireLossName(name: string): TokenLossName {
  const found = tokenLossNames.find((one) => one === name);
  if (found) return found;
  throw new MemagentError(
    `Unknown loss_fn ${JSON.stringify(name)}; there are: ${tokenLossNames.join(', ')}.`,
    {
      code: 'invalid-option',
      data: { option: 'loss_fn' },
    },
  );
}

function requireTokens(tokens: readonly number[], vocabulary: number): void {
  const foreign = tokens.find((id) => id < 0 || id >= vocabulary);
  if (tokens.length > 0 && foreign === undefined) return;
  throw new MemagentError(
    tokens.length === 0
      ? 'The prompt has no tokens.'
      : `The prompt has token ${foreign}, which is not in the vocabulary of ${vocabulary}.`,
    { code: 'invalid-option' },
  );
}

function notFound(what: string, advice: string): MemagentError {
  return new MemagentError(`This server has no ${what}. ${advice}`, { code: 'run-not-found' });
}
