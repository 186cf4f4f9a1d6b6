/**
 * The network once more, in jax-js, for its gradient: `weighedLogprob` is the sum of the actions' log-probabilities,
 * each with its weight. A test holds it equal to core's forward pass. Functions take ownership of their array
 * arguments, as jax-js wants.
 */
import { jit, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import {
  bagSlots,
  candidateFeatures,
  type EvidenceTensors,
  networkShape,
  pickFeatures,
  stopFeatures,
  type TensorName,
  tensorShapes,
} from '@memagent/core/evidence';
import { tensorNames } from './evidence-tensors.ts';
import type { BatchShape, PickBatch } from './pick-batch.ts';

type Weights = Record<TensorName, np.Array>;
type Arrays = Record<Exclude<keyof PickBatch, 'shape'>, np.Array>;

const { product, embedding, pick } = networkShape;

export interface PickGradient {
  /** The sum, and its gradient added to `into`. */
  add(batch: PickBatch, tensors: EvidenceTensors, into: Record<TensorName, Float64Array>): Promise<number>;
  close(): void;
}

/** Compiles one function for each shape that is met. */
export function createPickGradient(): PickGradient {
  const compiled = new Map<string, ReturnType<typeof compile>>();
  return {
    async add(batch, tensors, into) {
      const { rows, candidates, picks } = batch.shape;
      const key = `${rows} ${candidates} ${picks}`;
      const run = compiled.get(key) ?? compile(batch.shape);
      compiled.set(key, run);
      const [sum, gradient] = run(toWeights(tensors), toArrays(batch));
      for (const name of tensorNames) {
        const values = await gradient[name].data();
        const total = into[name];
        for (let at = 0; at < total.length; at++) total[at] = (total[at] ?? 0) + (values[at] ?? 0);
      }
      return (await sum.data())[0] ?? Number.NaN;
    },
    close() {
      for (const run of compiled.values()) run.dispose();
      compiled.clear();
    },
  };
}

function compile(shape: BatchShape) {
  return jit(valueAndGrad((weights: Weights, arrays: Arrays) => weighedLogprob(weights, arrays, shape)));
}

function weighedLogprob(weights: Weights, arrays: Arrays, shape: BatchShape): np.Array {
  const { rows: B, candidates: K, picks: T } = shape;
  const asked = np.matmul(arrays.asked, weights['words.question']).reshape([B, 1, product]);
  const words = np.matmul(arrays.bags, weights['words.candidate']).mul(asked);
  const input = np.concatenate([arrays.features, words], -1);
  const first = nn.relu(np.matmul(input, weights['input.weight']).add(weights['input.bias']));
  const second = nn.relu(np.matmul(first, weights['middle.weight']).add(weights['middle.bias']));
  const scores = np.matmul(second.ref, weights['score.weight']).reshape([B, 1, K]);
  const embedded = np.matmul(second, weights['embed.weight']).add(weights['embed.bias']);
  const mean = np.matmul(arrays.means, embedded.ref).reshape([B, T, 1, embedding]);
  const beside = embedded.ref.reshape([B, 1, K, embedding]).mul(mean);
  const pickWeight = weights['pick.weight'];
  const part = (from: number, size: number): np.Array => pickWeight.ref.slice([from, from + size], []);
  const units = nn.relu(
    np
      .matmul(arrays.picks, part(0, pickFeatures))
      .add(np.matmul(embedded, part(pickFeatures, embedding)).reshape([B, 1, K, pick]))
      .add(np.matmul(beside, part(pickFeatures + embedding, embedding)))
      .add(weights['pick.bias']),
  );
  pickWeight.dispose();
  const logits = np
    .matmul(units, weights['pick.output'])
    .reshape([B, T, K])
    .add(scores)
    .add(arrays.rule.mul(weights['rule.weight']));
  const stop = np.matmul(arrays.stop, weights['stop.weight']).add(weights['stop.bias']);
  const all = np.concatenate([logits, stop], -1).mul(arrays.sharpness.reshape([B, 1, 1]));
  return nn.logSoftmax(all.add(arrays.closed), -1).mul(arrays.weights).sum();
}

function toWeights(tensors: EvidenceTensors): Weights {
  const weights = {} as Weights;
  for (const name of tensorNames) weights[name] = array(tensors[name], tensorShapes[name]);
  return weights;
}

function toArrays({ shape, ...batch }: PickBatch): Arrays {
  const { rows: B, candidates: K, picks: T } = shape;
  return {
    features: array(batch.features, [B, K, candidateFeatures]),
    bags: array(batch.bags, [B, K, bagSlots]),
    asked: array(batch.asked, [B, bagSlots]),
    picks: array(batch.picks, [B, T, K, pickFeatures]),
    rule: array(batch.rule, [B, T, K]),
    means: array(batch.means, [B, T, K]),
    stop: array(batch.stop, [B, T, stopFeatures]),
    closed: array(batch.closed, [B, T, K + 1]),
    weights: array(batch.weights, [B, T, K + 1]),
    sharpness: array(batch.sharpness, [B]),
  };
}

function array(data: Float32Array, shape: readonly number[]): np.Array {
  return np.array(data as Float32Array<ArrayBuffer>, { shape: [...shape] });
}
