/**
 * The policy's network. Each candidate is embedded once (features and the learned product of its words and the
 * question's); what it is worth beside the sentences picked so far is added pick by pick:
 *
 *     product = (bag · candidateWords) * (questionBag · questionWords)
 *     hidden  = relu(relu([features, product] · input + …) · middle + …)
 *     e, s    = hidden · embed + …, hidden · score
 *     logit   = rule * pick[0] + s + relu([pick, e, e * mean(e of the picked)] · pickInput + …) · pickOutput
 *     stop    = stop features · stopWeights + stopBias
 */
import { bagSlots } from './evidence-question.ts';
import { candidateFeatures } from './candidate-features.ts';
import type { EvidenceObservation } from './observation.ts';
import { createPickState, pickFeatures, type PickState, stopFeatures } from './pick-state.ts';

/** Widths of the layers. */
export const networkShape = Object.freeze({ product: 8, hidden: 32, embedding: 8, pick: 16 });

const { product, hidden, embedding, pick } = networkShape;
const inputs = candidateFeatures + product;
const pickInputs = pickFeatures + 2 * embedding;

/** The trained tensors by name, with their shapes; all row-major. */
export const tensorShapes = Object.freeze({
  'words.candidate': [bagSlots, product],
  'words.question': [bagSlots, product],
  'input.weight': [inputs, hidden],
  'input.bias': [hidden],
  'middle.weight': [hidden, hidden],
  'middle.bias': [hidden],
  'embed.weight': [hidden, embedding],
  'embed.bias': [embedding],
  'score.weight': [hidden, 1],
  'rule.weight': [1],
  'pick.weight': [pickInputs, pick],
  'pick.bias': [pick],
  'pick.output': [pick, 1],
  'stop.weight': [stopFeatures, 1],
  'stop.bias': [1],
} as const);

export type TensorName = keyof typeof tensorShapes;

export type EvidenceTensors = Readonly<Record<TensorName, Float32Array>>;

/** What a candidate is before anything is picked. */
interface Embedded {
  scores: Float32Array;
  embeddings: Float32Array;
}

/** A network on one observation: `logits` as of what `state` has picked, with `-Infinity` for what cannot be. */
export interface NetworkRun {
  state: PickState;
  /** One for each candidate, and the one to stop. */
  logits(): Float32Array;
}

export function runNetwork(observation: EvidenceObservation, tensors: EvidenceTensors): NetworkRun {
  const state = createPickState(observation);
  const count = observation.candidates.length;
  const { scores, embeddings } = embed(observation, tensors);
  const mean = new Float32Array(embedding);
  const bases = pickBases(embeddings, tensors);
  const weight = tensors['pick.weight'];
  const weightOfFeatures = weight.subarray(0, pickFeatures * pick);
  const weightOfProducts = weight.subarray((pickFeatures + embedding) * pick);
  const beside = new Float32Array(embedding);
  const own = new Float32Array(pick);
  const units = new Float32Array(pick);
  let seen = 0;

  return {
    state,
    logits() {
      for (; seen < state.picked.length; seen++) {
        const from = (state.picked[seen] ?? 0) * embedding;
        for (let at = 0; at < embedding; at++)
          mean[at] = (mean[at]! * seen + embeddings[from + at]!) / (seen + 1);
      }
      const logits = new Float32Array(count + 1).fill(Number.NEGATIVE_INFINITY);
      const features = state.features();
      for (let index = 0; index < count; index++) {
        if (!state.isOpen(index)) continue;
        const row = features.subarray(index * pickFeatures, (index + 1) * pickFeatures);
        for (let at = 0; at < embedding; at++) beside[at] = embeddings[index * embedding + at]! * mean[at]!;
        layer(row, weightOfFeatures, bases.subarray(index * pick, (index + 1) * pick), own, false);
        layer(beside, weightOfProducts, own, units, true);
        let logit = scores[index]! + tensors['rule.weight'][0]! * row[0]!;
        for (let unit = 0; unit < pick; unit++) logit += units[unit]! * tensors['pick.output'][unit]!;
        logits[index] = logit;
      }
      const stop = state.stop();
      let logit = tensors['stop.bias'][0]!;
      for (let at = 0; at < stopFeatures; at++) logit += stop[at]! * tensors['stop.weight'][at]!;
      logits[count] = logit;
      return logits;
    },
  };
}

/** What a candidate's embedding adds to the units of a pick: the same for all picks. */
function pickBases(embeddings: Float32Array, tensors: EvidenceTensors): Float32Array {
  const count = embeddings.length / embedding;
  const bases = new Float32Array(count * pick);
  const from = pickFeatures * pick;
  const weight = tensors['pick.weight'].subarray(from, from + embedding * pick);
  for (let index = 0; index < count; index++) {
    const own = embeddings.subarray(index * embedding, (index + 1) * embedding);
    layer(own, weight, tensors['pick.bias'], bases.subarray(index * pick, (index + 1) * pick), false);
  }
  return bases;
}

function embed(
  { question, features, bags, candidates }: EvidenceObservation,
  tensors: EvidenceTensors,
): Embedded {
  const count = candidates.length;
  const scores = new Float32Array(count);
  const embeddings = new Float32Array(count * embedding);
  const none = new Float32Array(product);
  const asked = new Float32Array(product);
  layer(question.bag, tensors['words.question'], none, asked, false);
  const words = new Float32Array(product);
  const row = new Float32Array(inputs);
  const first = new Float32Array(hidden);
  const second = new Float32Array(hidden);
  for (let index = 0; index < count; index++) {
    row.set(features.subarray(index * candidateFeatures, (index + 1) * candidateFeatures));
    layer(
      bags.subarray(index * bagSlots, (index + 1) * bagSlots),
      tensors['words.candidate'],
      none,
      words,
      false,
    );
    for (let at = 0; at < product; at++) row[candidateFeatures + at] = words[at]! * asked[at]!;
    layer(row, tensors['input.weight'], tensors['input.bias'], first, true);
    layer(first, tensors['middle.weight'], tensors['middle.bias'], second, true);
    const own = embeddings.subarray(index * embedding, (index + 1) * embedding);
    layer(second, tensors['embed.weight'], tensors['embed.bias'], own, false);
    let score = 0;
    for (let unit = 0; unit < hidden; unit++) score += second[unit]! * tensors['score.weight'][unit]!;
    scores[index] = score;
  }
  return { scores, embeddings };
}

/** `out = input · weight + bias`, and `relu` of it where asked for. Zero inputs cost nothing. */
function layer(
  input: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
  relu: boolean,
): void {
  const width = out.length;
  out.set(bias);
  for (let from = 0; from < input.length; from++) {
    const value = input[from]!;
    if (value === 0) continue;
    const start = from * width;
    for (let to = 0; to < width; to++) out[to] = out[to]! + value * weight[start + to]!;
  }
  if (!relu) return;
  for (let to = 0; to < width; to++) if (out[to]! < 0) out[to] = 0;
}
