/** Conversations as arrays of one shape: what the network's gradient is taken on. */
import {
  bagSlots,
  candidateFeatures,
  createPickState,
  type EvidenceObservation,
  pickFeatures,
  stopFeatures,
} from '@memagent/core/evidence';

/** A conversation and, for each of its actions, the derivative of the loss by its log-probability. */
export interface WeighedPicks {
  observation: EvidenceObservation;
  actions: readonly number[];
  gradients: readonly number[];
  temperature: number;
}

export interface BatchShape {
  rows: number;
  candidates: number;
  picks: number;
}

/** Row-major arrays; B rows, T picks, K candidates, and K + 1 actions. */
export interface PickBatch {
  shape: BatchShape;
  features: Float32Array; // B K candidateFeatures
  bags: Float32Array; // B K bagSlots
  asked: Float32Array; // B bagSlots
  picks: Float32Array; // B T K pickFeatures
  rule: Float32Array; // B T K
  means: Float32Array; // B T K: 1/n at the n picked before
  stop: Float32Array; // B T stopFeatures
  closed: Float32Array; // B T K+1: 0, or far below for what cannot be picked
  weights: Float32Array; // B T K+1: the derivative at the action taken
  sharpness: Float32Array; // B: 1 / temperature
}

const far = -1e9;

/** The shapes that are compiled: the smallest that holds the conversation. */
export function shapeFor({ observation, actions }: WeighedPicks): Omit<BatchShape, 'rows'> {
  return {
    candidates: roundUp(observation.candidates.length, [32, 64, 96]),
    picks: roundUp(actions.length, [4, 8, 16, 32]),
  };
}

function roundUp(count: number, sizes: readonly number[]): number {
  const last = sizes.at(-1) ?? 1;
  return sizes.find((size) => size >= count) ?? Math.ceil(count / last) * last;
}

export function makePickBatch(data: readonly WeighedPicks[], shape: BatchShape): PickBatch {
  const { rows, candidates: K, picks: T } = shape;
  const batch: PickBatch = {
    shape,
    features: new Float32Array(rows * K * candidateFeatures),
    bags: new Float32Array(rows * K * bagSlots),
    asked: new Float32Array(rows * bagSlots),
    picks: new Float32Array(rows * T * K * pickFeatures),
    rule: new Float32Array(rows * T * K),
    means: new Float32Array(rows * T * K),
    stop: new Float32Array(rows * T * stopFeatures),
    closed: new Float32Array(rows * T * (K + 1)),
    weights: new Float32Array(rows * T * (K + 1)),
    sharpness: new Float32Array(rows).fill(1),
  };
  for (const [row, datum] of data.entries()) fillRow(batch, row, datum);
  return batch;
}

function fillRow(
  batch: PickBatch,
  row: number,
  { observation, actions, gradients, temperature }: WeighedPicks,
): void {
  const { candidates: K, picks: T } = batch.shape;
  const count = observation.candidates.length;
  batch.features.set(observation.features, row * K * candidateFeatures);
  batch.bags.set(observation.bags, row * K * bagSlots);
  batch.asked.set(observation.question.bag, row * bagSlots);
  batch.sharpness[row] = 1 / temperature;
  const state = createPickState(observation);
  for (const [pick, action] of actions.entries()) {
    const at = row * T + pick;
    const features = state.features();
    batch.picks.set(features, at * K * pickFeatures);
    for (let index = 0; index < count; index++) {
      batch.rule[at * K + index] = features[index * pickFeatures] ?? 0;
    }
    for (let index = 0; index < K; index++)
      if (!state.isOpen(index)) batch.closed[at * (K + 1) + index] = far;
    for (const before of state.picked) batch.means[at * K + before] = 1 / state.picked.length;
    batch.stop.set(state.stop(), at * stopFeatures);
    const isStop = action === count;
    batch.weights[at * (K + 1) + (isStop ? K : action)] = gradients[pick] ?? 0;
    if (!isStop) state.take(action);
  }
}
