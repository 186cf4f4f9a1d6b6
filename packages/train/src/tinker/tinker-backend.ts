/**
 * A remote engine of the Tinker API as a training backend: a policy of any size is sampled, differentiated and
 * stepped on GPUs elsewhere, and the loop runs here.
 *
 * The engine's losses are sums over tokens, so the clipped surrogate is its `ppo` with advantages that carry their
 * share of the loss (`scale`), and thresholds as ratios: 0.8 and 1.28 for clips of 0.2 and 0.28. What no loss of the
 * engine expresses (the exact k3 term) is computed here: a forward pass gives log-probabilities, and the derivative of
 * the loss by each goes back as a negated weight of `cross_entropy`.
 */
import { MemagentError, messageOf } from '@memagent/core';
import {
  checkClipThresholds,
  type ClipThresholds,
  type Datum as TinkerDatum,
  type LoraConfig,
  type Loss as TinkerLoss,
  type Model,
  type Sampler,
  type TinkerClient,
} from '@memagent/tinker';
import type { ActionLoss } from '../algorithm/action-loss.ts';
import { datumLosses, sumLosses } from '../algorithm/datum-losses.ts';
import type { ActionSampler, Datum, ForwardBackward, Loss, TrainingBackend } from '../backend/backend.ts';
import { badCheckpoint } from '../checkpoint/bad-checkpoint.ts';
import { onEngine } from './engine-error.ts';
import { readSavedState, writeSavedState } from './saved-state.ts';
import { createTinkerSampler } from './tinker-sampler.ts';
import {
  actionLogprobs,
  type Tokens,
  toPolicyDatum,
  type TokenObservation,
  toWeightedDatum,
} from './token-data.ts';
import { noTokens, type TokenCount } from '../backend/token-count.ts';

export interface TinkerBackendOptions {
  client: TinkerClient;
  /** As the server calls it: `Qwen/Qwen3-8B`. */
  baseModel: string;
  /** Adapters, or all weights. Default: rank 32. */
  lora?: LoraConfig | 'full';
  /**
   * How the divergence from the reference enters: `exact`, the k3 term with its own gradient, for a forward pass more;
   * or `in-advantage`, an approximation that takes klWeight * (log pi_old - log pi_ref) off each action's advantage.
   * Default `exact`.
   */
  kl?: 'exact' | 'in-advantage';
  /** Where the clipped surrogate is computed: by the engine's `ppo`, or here for a forward pass more. Default `engine`. */
  surrogate?: 'engine' | 'client';
  /** Kept in checkpoints, for commands that only have those. */
  baseUrl?: string;
  /**
   * Seconds after which the engine deletes a checkpoint that the run has removed from its folder (`keepCheckpoints`).
   * Default: never.
   */
  expireAfterSeconds?: number;
  /** Hears what people should know and what does not stop the run. */
  onNotice?: (message: string) => void;
}

export interface TinkerBackend extends TrainingBackend<TokenObservation> {
  usage(): TokenCount;
}

/** A backend with a session of its own; the model is made when it is first needed. */
export async function createTinkerBackend(options: TinkerBackendOptions): Promise<TinkerBackend> {
  const { client, baseModel, lora = { rank: 32 }, kl = 'exact', onNotice } = options;
  let surrogate = options.surrogate ?? 'engine';
  const session = await onEngine('open a session', () => client.openSession());
  let model: Promise<Model> | undefined;
  let sampler: Promise<Sampler> | undefined;
  let isChecked = false;
  /** Data was not sent because it is not finite: the next step must not be made. */
  let isSpoilt = false;
  let saves = 0;
  const usage = noTokens();

  function currentModel(): Promise<Model> {
    model ??= onEngine('create a model', () => session.createModel({ baseModel, lora }));
    return model;
  }
  function currentSampler(): Promise<Sampler> {
    sampler ??= currentModel().then((one) =>
      onEngine('save weights to sample from', () => one.createSampler()),
    );
    return sampler;
  }

  /** One pass; gives the log-probabilities of the actions. */
  async function pass(
    kind: 'forward' | 'forwardBackward',
    data: readonly Tokens[],
    datums: readonly TinkerDatum[],
    loss: TinkerLoss,
  ): Promise<number[][]> {
    const one = await currentModel();
    const output = await onEngine('make a pass', () => one[kind](datums, loss));
    usage[kind === 'forward' ? 'scored' : 'trained'] += data.reduce(
      (sum, { observation, actions }) => sum + observation.length + actions.length,
      0,
    );
    return actionLogprobs(output, data);
  }

  function score(data: readonly Tokens[]): Promise<number[][]> {
    const datums = data.map((datum) =>
      toWeightedDatum(
        datum,
        datum.actions.map(() => 1),
      ),
    );
    return pass('forward', data, datums, { name: 'cross_entropy' });
  }

  /** Sends weights by which the engine's cross-entropy has the gradient that is wanted. */
  function descend(data: readonly Tokens[], weights: readonly (readonly number[])[]): Promise<number[][]> {
    const datums = data.map((datum, index) => toWeightedDatum(datum, weights[index] ?? []));
    return pass('forwardBackward', data, datums, { name: 'cross_entropy' });
  }

  /** Some engines have thresholds of their own: then the surrogate is computed here. */
  async function checkClipOnce(
    { observation, actions }: Tokens,
    thresholds: Required<ClipThresholds>,
  ): Promise<void> {
    if (isChecked || surrogate === 'client') return;
    isChecked = true;
    const one = await currentModel();
    const sequence = [...observation, ...actions].slice(-2);
    const { status, message } = await onEngine('check the clip', () =>
      checkClipThresholds(one, thresholds, { sequence }),
    );
    if (status === 'honoured') return;
    if (status === 'ignored') surrogate = 'client';
    const instead =
      status === 'ignored' ? '; the loss is computed here instead, for a forward pass more' : '';
    onNotice?.(`Clip of the engine: ${message}${instead}.`);
  }

  /** Samples, and counts what went and came. */
  function samplerOf(from: () => Promise<Sampler>): ActionSampler<TokenObservation> {
    const sample = createTinkerSampler(from);
    return {
      async sample(request) {
        const sampled = await sample(request);
        usage.prompt += request.observation.length;
        usage.sampled += sampled.actions.length;
        return sampled;
      },
    };
  }

  return {
    name: 'tinker',
    usage: () => ({ ...usage }),

    ...samplerOf(currentSampler),

    snapshot() {
      const frozen = currentSampler();
      // Those who sample are told.
      frozen.catch(() => {});
      return samplerOf(() => frozen);
    },

    async logprobs(data) {
      requireUnitTemperature(data);
      return score(data);
    },

    async forwardBackward(data, loss) {
      if (data.length === 0) return { loss: 0, actions: 0, clipped: 0, kl: 0, drift: 0, entropy: 0 };
      requireUnitTemperature(data);
      if (!data.every(isFinite)) {
        isSpoilt = true;
        return { loss: Number.NaN, actions: 0, clipped: 0, kl: 0, drift: 0, entropy: Number.NaN };
      }
      if (loss.kind === 'cross-entropy') {
        const weights = data.map(({ actions, advantage, scale }) => actions.map(() => advantage * scale));
        const logprobs = await descend(data, weights);
        return addUp(lossesOf(data, loss, logprobs), logprobs);
      }
      const hasKl = loss.klWeight > 0;
      const thresholds = { clipLowThreshold: 1 - loss.clipLow, clipHighThreshold: 1 + loss.clipHigh };
      await checkClipOnce(data[0] as Datum<TokenObservation>, thresholds);
      if (surrogate === 'client' || (hasKl && kl === 'exact')) {
        const logprobs = await score(data);
        const losses = lossesOf(data, loss, logprobs);
        await descend(
          data,
          losses.map((one) => one.map(({ gradient }) => -gradient)),
        );
        return addUp(losses, logprobs);
      }
      const datums = data.map((datum) =>
        toPolicyDatum(datum, datum.logprobs, advantagesOf(datum, hasKl ? loss.klWeight : 0)),
      );
      const logprobs = await pass('forwardBackward', data, datums, { name: 'ppo', ...thresholds });
      return addUp(lossesOf(data, loss, logprobs), logprobs);
    },

    async optimStep({ learningRate, beta1, beta2, epsilon, weightDecay, clipNorm }) {
      if (isSpoilt) {
        isSpoilt = false;
        throw new MemagentError('Data of this step was not finite and was not sent; no weight was changed.', {
          code: 'not-finite',
        });
      }
      const one = await currentModel();
      const { metrics } = await onEngine('make an optimiser step', () =>
        one.optimStep({
          learningRate,
          beta1,
          beta2,
          eps: epsilon,
          weightDecay,
          gradClipNorm: Number.isFinite(clipNorm) ? clipNorm : 0,
        }),
      );
      sampler = undefined;
      const name = Object.keys(metrics).find((key) => /grad(?:ient)?_norm/.test(key));
      return { gradientNorm: name === undefined ? Number.NaN : (metrics[name] as number) };
    },

    async save(folder) {
      const one = await currentModel();
      saves += 1;
      const [statePath, samplerPath] = await Promise.all([
        onEngine('save its weights', () => one.saveWeights(`state-${saves}`)),
        onEngine('save its weights for sampling', () => one.saveWeightsForSampler(`sampler-${saves}`)),
      ]);
      const { baseUrl } = options;
      const address = baseUrl === undefined ? {} : { baseUrl };
      await writeSavedState(folder, { version: 1, baseModel, ...address, statePath, samplerPath });
    },

    async load(folder) {
      const { statePath, baseModel: savedModel } = await readSavedState(folder);
      if (savedModel !== baseModel) {
        throw badCheckpoint(folder, `it is of ${savedModel}, and this run trains ${baseModel}.`);
      }
      const before = model;
      let loaded: Model;
      try {
        loaded = await onEngine('load saved weights', () =>
          session.createModelFrom(statePath, { optimizer: true }),
        );
      } catch (error) {
        if (error instanceof MemagentError && !isMissing(error)) throw error;
        throw badCheckpoint(folder, `the engine does not give ${statePath}: ${messageOf(error)}`, error);
      }
      model = Promise.resolve(loaded);
      sampler = undefined;
      isSpoilt = false;
      // What is not freed here ends with the session.
      await (await before)?.unload().catch(() => {});
    },

    async discard(folder) {
      const { expireAfterSeconds } = options;
      if (expireAfterSeconds === undefined) return;
      try {
        const { statePath, samplerPath } = await readSavedState(folder);
        for (const path of [statePath, samplerPath])
          await client.checkpoints.setTtl(path, expireAfterSeconds);
      } catch (error) {
        // Room on the engine's disk, not the run, is at stake.
        onNotice?.(`The engine keeps the checkpoint of ${folder}: ${messageOf(error)}`);
      }
    },

    close: () => session.close(),
  };
}

function isMissing({ code, cause }: MemagentError): boolean {
  const status = cause instanceof Error && 'status' in cause ? cause.status : undefined;
  return code === 'model-failed' || status === 404;
}

/** What the pass did, from the log-probabilities that it gave: the same sums as an engine here would tell. */
function addUp(
  losses: readonly (readonly ActionLoss[])[],
  logprobs: readonly (readonly number[])[],
): ForwardBackward {
  return { ...sumLosses(losses.flat()), entropy: surprise(logprobs.flat()) };
}

function lossesOf(
  data: readonly Datum<TokenObservation>[],
  loss: Loss,
  logprobs: readonly (readonly number[])[],
): ActionLoss[][] {
  return data.map((datum, index) => datumLosses(datum, logprobs[index] ?? [], loss));
}

/** Each action's advantage with its share of the loss, and with the divergence taken off where that is asked for. */
function advantagesOf(datum: Datum<TokenObservation>, klWeight: number): number[] {
  const { logprobs, referenceLogprobs, advantage, scale } = datum;
  return logprobs.map((logprob, at) => {
    const divergence = referenceLogprobs ? logprob - (referenceLogprobs[at] ?? logprob) : 0;
    return (advantage - klWeight * divergence) * scale;
  });
}

/** Engines do not tell entropies; the negated log-probability of what was sampled is one's estimate. */
function surprise(logprobs: readonly number[]): number {
  return logprobs.reduce((sum, logprob) => sum - logprob, 0);
}

function isFinite({ advantage, scale, logprobs, referenceLogprobs = [] }: Datum<TokenObservation>): boolean {
  return [advantage, scale, ...logprobs, ...referenceLogprobs].every(Number.isFinite);
}

/** The engine's losses are of the policy at temperature 1. */
function requireUnitTemperature(data: readonly { temperature?: number }[]): void {
  const other = data.find(({ temperature = 1 }) => temperature !== 1)?.temperature;
  if (other === undefined) return;
  throw new MemagentError(
    `The data was sampled at temperature ${other}; the Tinker API computes losses at temperature 1 alone. Set sampling.temperature to 1.`,
    { code: 'invalid-option', data: { option: 'sampling.temperature', received: other } },
  );
}
