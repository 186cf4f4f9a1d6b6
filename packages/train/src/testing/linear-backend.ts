/**
 * The smallest engine that learns: a softmax over actions whose logits are linear in the observation's features
 * and in the action before. In plain TypeScript with its gradient written out, for the trainer's tests and as a
 * worked example of a backend. Action 0 ends a conversation.
 */
import { join } from 'node:path';
import type { ActionLoss } from '../algorithm/action-loss.ts';
import { datumLosses, sumLosses } from '../algorithm/datum-losses.ts';
import { type AdamState, createAdamState, stepAdamW } from '../backend/adam-w.ts';
import type {
  ActionSampler,
  Datum,
  Loss,
  SampledActions,
  TakenActions,
  TrainingBackend,
} from '../backend/backend.ts';
import { createDraws } from '../backend/create-draws.ts';
import { badCheckpoint } from '../checkpoint/bad-checkpoint.ts';
import { type NamedTensor, readSafetensors, writeSafetensors } from '../checkpoint/safetensors.ts';

export interface LinearBackendOptions {
  /** Numbers in an observation. */
  features: number;
  /** Actions, the end included. */
  actions: number;
  seed: number;
}

/** An observation: as many numbers as the backend has features. */
export type Features = readonly number[];

/** Creates the engine with small random weights. */
export function createLinearBackend({
  features,
  actions,
  seed,
}: LinearBackendOptions): TrainingBackend<Features> {
  // One row for each feature, one for each action that may come before, and one for the beginning.
  const rows = features + actions + 1;
  const weights = new Float32Array(rows * actions);
  const random = createDraws(seed);
  for (let i = 0; i < weights.length; i += 1) weights[i] = (random() - 0.5) * 0.2;
  const gradient = new Float64Array(weights.length);
  let adam = createAdamState([weights]);
  let trainedOn: Loss['kind'] | undefined;

  /** The rows that are active at a step, with what each is multiplied by. */
  const activeRows = (observation: Features, previous: number): [row: number, value: number][] => [
    ...observation.map((value, row): [number, number] => [row, value]),
    [features + previous, 1],
  ];

  function probabilities(
    observation: Features,
    previous: number,
    temperature: number,
    from: Float32Array = weights,
  ): Float64Array {
    const logits = new Float64Array(actions);
    for (const [row, value] of activeRows(observation, previous)) {
      for (let a = 0; a < actions; a += 1) {
        logits[a] = (logits[a] as number) + value * (from[row * actions + a] as number);
      }
    }
    return softmax(logits, temperature);
  }

  /** The steps of a conversation that was taken: at each, the action and the policy's probabilities. */
  function* retrace({ observation, actions: taken, temperature = 1 }: TakenActions<Features>) {
    let previous = actions;
    for (const action of taken) {
      yield { action, previous, p: probabilities(observation, previous, temperature) };
      previous = action;
    }
  }

  const logprobsOf = (taken: TakenActions<Features>): number[] =>
    [...retrace(taken)].map(({ action, p }) => Math.log(p[action] as number));

  /** d loss / d logits is gradient * (onehot - p) / temperature. */
  function accumulate(datum: Datum<Features>, byAction: readonly number[]): void {
    const { observation, temperature = 1 } = datum;
    let index = 0;
    for (const { action, previous, p } of retrace(datum)) {
      const slope = (byAction[index++] as number) / temperature;
      for (const [row, value] of activeRows(observation, previous)) {
        for (let a = 0; a < actions; a += 1) {
          const position = row * actions + a;
          gradient[position] =
            (gradient[position] as number) + slope * value * ((a === action ? 1 : 0) - (p[a] as number));
        }
      }
    }
  }

  /** Samples from weights, now or as they were. */
  const samplerOf = (from: Float32Array): ActionSampler<Features> => ({
    async sample({ observation, maxActions, temperature, topP, seed: drawSeed, signal }) {
      signal?.throwIfAborted();
      const draw = createDraws(drawSeed);
      const taken: number[] = [];
      const logprobs: number[] = [];
      let entropy = 0;
      let finish: SampledActions['finish'] = 'length';
      while (taken.length < maxActions) {
        const p = probabilities(observation, taken.at(-1) ?? actions, temperature || 1, from);
        const action = temperature === 0 ? argmax(p) : pick(p, topP, draw());
        taken.push(action);
        logprobs.push(Math.log(p[action] as number));
        entropy += entropyOf(p);
        if (action === 0) {
          finish = 'end';
          break;
        }
      }
      return { actions: taken, logprobs, entropy: entropy / taken.length, finish };
    },
  });

  return {
    name: 'linear',
    ...samplerOf(weights),
    snapshot: () => samplerOf(weights.slice()),

    async logprobs(data) {
      return data.map(logprobsOf);
    },

    async forwardBackward(data, loss) {
      if (loss.kind !== trainedOn) adam = createAdamState([weights]);
      trainedOn = loss.kind;
      let entropy = 0;
      const losses = data.map((datum) => datumLosses(datum, logprobsOf(datum), loss));
      for (const [index, datum] of data.entries()) {
        accumulate(
          datum,
          (losses[index] as ActionLoss[]).map((one) => one.gradient),
        );
        for (const { p } of retrace(datum)) entropy += entropyOf(p);
      }
      return { ...sumLosses(losses.flat()), entropy };
    },

    async optimStep(step) {
      try {
        return { gradientNorm: stepAdamW([weights], [gradient], adam, step) };
      } finally {
        gradient.fill(0);
      }
    },

    async save(folder) {
      const shape = [rows, actions];
      const metadata = { format: 'pt' };
      const tensor = (data: Float32Array): NamedTensor => ({ dtype: 'F32', shape, data });
      await writeSafetensors(join(folder, modelFile), { tensors: { weight: tensor(weights) }, metadata });
      await writeSafetensors(join(folder, optimizerFile), {
        tensors: {
          m: tensor(adam.m[0] as Float32Array),
          v: tensor(adam.v[0] as Float32Array),
          step: { dtype: 'I32', shape: [1], data: Int32Array.of(adam.step) },
        },
        metadata: { ...metadata, ...(trainedOn ? { loss: trainedOn } : {}) },
      });
    },

    async load(folder) {
      const model = await readSafetensors(join(folder, modelFile));
      const optimizer = await readSafetensors(join(folder, optimizerFile));
      const take = (tensor: NamedTensor | undefined): Float32Array => {
        if (tensor?.dtype === 'F32' && tensor.data.length === weights.length) return tensor.data;
        throw badCheckpoint(folder, `it is not of a model with ${features} features and ${actions} actions.`);
      };
      const loaded = take(model.tensors['weight']);
      const state: AdamState = {
        step: optimizer.tensors['step']?.data[0] ?? 0,
        m: [take(optimizer.tensors['m'])],
        v: [take(optimizer.tensors['v'])],
      };
      weights.set(loaded);
      adam = state;
      trainedOn = lossKinds.find((kind) => kind === optimizer.metadata['loss']);
      gradient.fill(0);
    },

    async close() {},
  };
}

const lossKinds: readonly Loss['kind'][] = ['cross-entropy', 'clipped-surrogate'];

const modelFile = 'model.safetensors';
const optimizerFile = 'optimizer.safetensors';

function softmax(logits: Float64Array, temperature: number): Float64Array {
  const top = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp((logit - top) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** The action that the draw falls on, among the most likely ones whose probabilities add up to `topP`. */
function pick(p: Float64Array, topP: number, draw: number): number {
  const order = [...p.keys()].toSorted((a, b) => (p[b] as number) - (p[a] as number) || a - b);
  let mass = 0;
  const nucleus = order.filter((action) => {
    const isIn = mass < topP;
    mass += p[action] as number;
    return isIn;
  });
  const total = nucleus.reduce((sum, action) => sum + (p[action] as number), 0);
  let left = draw * total;
  for (const action of nucleus) {
    left -= p[action] as number;
    if (left < 0) return action;
  }
  return nucleus.at(-1) as number;
}

function argmax(p: Float64Array): number {
  return p.indexOf(Math.max(...p));
}

function entropyOf(p: Float64Array): number {
  return -p.reduce(
    (sum, probability) => sum + (probability > 0 ? probability * Math.log(probability) : 0),
    0,
  );
}
