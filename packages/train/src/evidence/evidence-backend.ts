/**
 * The engine of the evidence reader: it samples and scores with core's forward pass, the code that users run, and
 * takes gradients with jax-js. What is drawn depends on the seed and the weights alone.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MemagentError } from '@memagent/core';
import {
  type EvidenceObservation,
  type EvidenceTensors,
  loadEvidenceWeights,
  networkShape,
  type TensorName,
  tensorShapes,
} from '@memagent/core/evidence';
import { actionLoss } from '../algorithm/action-loss.ts';
import type { AdamStep, Datum, ForwardBackward, Loss, TrainingBackend } from '../backend/backend.ts';
import { badCheckpoint } from '../checkpoint/bad-checkpoint.ts';
import { readSafetensors, writeSafetensors } from '../checkpoint/safetensors.ts';
import { writeDurably } from '../checkpoint/write-durably.ts';
import { initialTensors, namedTensors, tensorNames } from './evidence-tensors.ts';
import { makePickBatch, shapeFor, type WeighedPicks } from './pick-batch.ts';
import { createPickGradient } from './pick-gradient.ts';
import { samplePicks, scorePicks } from './sample-picks.ts';

export interface EvidenceBackend extends TrainingBackend<EvidenceObservation> {
  /** The weights as they are; not to be changed. */
  readonly tensors: EvidenceTensors;
}

export interface EvidenceBackendOptions {
  /** Names the weights to begin with. */
  seed: number;
  /** The rarity sketch, kept with the weights. */
  sketch: Uint8Array;
  /** Kept with the weights as their name. */
  version: string;
}

/** Conversations of one call into jax-js. */
const batchRows = 16;

const files = { model: 'model.safetensors', config: 'config.json', optimizer: 'optimizer.safetensors' };

type Moments = Record<TensorName, Float32Array>;

export function createEvidenceBackend({ seed, sketch, version }: EvidenceBackendOptions): EvidenceBackend {
  const pickGradient = createPickGradient();
  let tensors = initialTensors(seed);
  let first = zeros();
  let second = zeros();
  let steps = 0;
  let gradient = createGradient();

  return {
    name: 'evidence',
    get tensors() {
      return tensors;
    },

    async sample(request) {
      request.signal?.throwIfAborted();
      return samplePicks(request, tensors);
    },

    async logprobs(data) {
      return data.map((datum) => scorePicks(datum, tensors).logprobs);
    },

    async forwardBackward(data, loss) {
      const sums: ForwardBackward = { loss: 0, actions: 0, clipped: 0, kl: 0, drift: 0, entropy: 0 };
      const weighed = data.map((datum) => weighPicks(datum, loss, sums, tensors));
      for (const batch of batchesOf(weighed)) await pickGradient.add(batch, tensors, gradient);
      return sums;
    },

    async optimStep(step) {
      const taken = gradient;
      gradient = createGradient();
      const gradientNorm = Math.sqrt(
        tensorNames.reduce((sum, name) => sum + taken[name].reduce((part, one) => part + one * one, 0), 0),
      );
      if (!Number.isFinite(gradientNorm)) {
        throw new MemagentError(
          `The gradient of the evidence reader is ${gradientNorm}; no weight was changed. Lower the learning rate.`,
          { code: 'not-finite', data: { gradientNorm } },
        );
      }
      steps += 1;
      const scale = Math.min(1, step.clipNorm / (gradientNorm || 1));
      for (const name of tensorNames) {
        takeAdamStep(tensors[name], taken[name], first[name], second[name], { ...step, scale, steps });
      }
      return { gradientNorm };
    },

    async save(folder) {
      await mkdir(folder, { recursive: true });
      await writeSafetensors(join(folder, files.model), {
        tensors: namedTensors(tensors, sketch),
        metadata: { format: 'pt', version },
      });
      await writeDurably(
        join(folder, files.config),
        `${JSON.stringify({ model_type: 'memagent-evidence', ...networkShape }, null, 2)}\n`,
      );
      const moments = (name: string, values: Moments) =>
        Object.entries(namedTensors(values)).map(([key, tensor]) => [`${name}.${key}`, tensor]);
      await writeSafetensors(join(folder, files.optimizer), {
        tensors: Object.fromEntries([...moments('first', first), ...moments('second', second)]),
        metadata: { steps: String(steps) },
      });
    },

    async load(folder) {
      const weights = await loadEvidenceWeights(join(folder, files.model));
      const path = join(folder, files.optimizer);
      const kept = await readSafetensors(path);
      const moments = (name: string): Moments => {
        const values = zeros();
        for (const key of tensorNames) {
          const tensor = kept.tensors[`${name}.${key}`];
          if (tensor?.dtype !== 'F32' || tensor.data.length !== values[key].length)
            throw badCheckpoint(path, `it lacks the tensor ${name}.${key} in the network's shape.`);
          values[key].set(tensor.data);
        }
        return values;
      };
      const loaded = {
        first: moments('first'),
        second: moments('second'),
        steps: Number(kept.metadata['steps']),
      };
      if (!Number.isInteger(loaded.steps))
        throw badCheckpoint(path, 'it does not say how many steps were made.');
      if (Buffer.compare(weights.sketch, sketch) !== 0)
        throw badCheckpoint(
          folder,
          'its rarity sketch was counted on other paragraphs. Give the data it was trained on.',
        );
      tensors = weights.tensors;
      ({ first, second, steps } = loaded);
      gradient = createGradient();
    },

    async close() {
      pickGradient.close();
    },
  };
}

/** The derivative of the loss by each action's log-probability; adds the loss's sums to `sums`. */
function weighPicks(
  datum: Datum<EvidenceObservation>,
  loss: Loss,
  sums: ForwardBackward,
  tensors: EvidenceTensors,
): WeighedPicks {
  const { observation, actions, temperature = 1, advantage, scale } = datum;
  const { logprobs, entropy } = scorePicks(datum, tensors);
  const gradients = logprobs.map((logprob, index) => {
    const oldLogprob = datum.logprobs[index] ?? logprob;
    const referenceLogprob = datum.referenceLogprobs?.[index];
    const action = actionLoss({ logprob, oldLogprob, referenceLogprob, advantage, scale }, loss);
    sums.loss += action.loss;
    sums.clipped += Number(action.isClipped);
    sums.kl += action.kl;
    sums.drift += action.drift;
    return action.gradient;
  });
  sums.actions += actions.length;
  sums.entropy += entropy;
  return { observation, actions, gradients, temperature };
}

/** Conversations of like size together, in batches of one shape each. */
function* batchesOf(data: readonly WeighedPicks[]) {
  const shapes = Map.groupBy(data, (one) => {
    const { candidates, picks } = shapeFor(one);
    return `${candidates} ${picks}`;
  });
  for (const same of shapes.values()) {
    for (let at = 0; at < same.length; at += batchRows) {
      const part = same.slice(at, at + batchRows);
      const [one] = part;
      if (one) yield makePickBatch(part, { rows: batchRows, ...shapeFor(one) });
    }
  }
}

function takeAdamStep(
  weights: Float32Array,
  gradient: Float64Array,
  first: Float32Array,
  second: Float32Array,
  {
    scale,
    steps,
    learningRate,
    beta1,
    beta2,
    epsilon,
    weightDecay,
  }: Omit<AdamStep, 'clipNorm'> & { scale: number; steps: number },
): void {
  for (let at = 0; at < weights.length; at++) {
    const slope = (gradient[at] ?? 0) * scale;
    first[at] = beta1 * (first[at] ?? 0) + (1 - beta1) * slope;
    second[at] = beta2 * (second[at] ?? 0) + (1 - beta2) * slope * slope;
    const mean = (first[at] ?? 0) / (1 - beta1 ** steps);
    const spread = Math.sqrt((second[at] ?? 0) / (1 - beta2 ** steps));
    const weight = weights[at] ?? 0;
    weights[at] = weight - learningRate * (mean / (spread + epsilon) + weightDecay * weight);
  }
}

function zeros(): Moments {
  return Object.fromEntries(tensorNames.map((name) => [name, new Float32Array(sizeOf(name))])) as Moments;
}

function createGradient(): Record<TensorName, Float64Array> {
  return Object.fromEntries(tensorNames.map((name) => [name, new Float64Array(sizeOf(name))])) as Record<
    TensorName,
    Float64Array
  >;
}

function sizeOf(name: TensorName): number {
  return (tensorShapes[name] as readonly number[]).reduce((product, one) => product * one, 1);
}
