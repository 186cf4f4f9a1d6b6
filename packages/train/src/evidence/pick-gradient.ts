/**
 * The gradient of core's network, written out: of the sum of the actions' log-probabilities, each with its weight.
 * Its forward half repeats core's layer by layer, keeping what the way back needs. Tests hold it against core's
 * forward pass, and the gradient against finite differences.
 */
import {
  bagSlots,
  candidateFeatures,
  createPickState,
  type EvidenceObservation,
  type EvidenceTensors,
  networkShape,
  pickFeatures,
  type TensorName,
} from '@memagent/core/evidence';

/** A conversation and, for each of its actions, the derivative of the loss by its log-probability. */
export interface WeighedPicks {
  observation: EvidenceObservation;
  actions: readonly number[];
  gradients: readonly number[];
  temperature: number;
}

export type Gradient = Readonly<Record<TensorName, Float64Array>>;

const { product, hidden, embedding, pick } = networkShape;
const inputs = candidateFeatures + product;

/** Rows of `pick.weight`: features of the pick, then the candidate's embedding, then its product with the mean. */
const rowsOfEmbedding = pickFeatures;
const rowsOfBeside = pickFeatures + embedding;

/** Adds the gradient to `into`; returns the weighted sum of the log-probabilities. */
export function addPickGradient(
  { observation, actions, gradients, temperature }: WeighedPicks,
  tensors: EvidenceTensors,
  into: Gradient,
): number {
  const count = observation.candidates.length;
  const layers = embedCandidates(observation, tensors);
  const { embeddings, scores } = layers;
  const bases = new Float32Array(count * pick);
  for (let index = 0; index < count; index++) {
    const base = row(bases, index, pick);
    base.set(tensors['pick.bias']);
    addProduct(row(embeddings, index, embedding), tensors['pick.weight'], rowsOfEmbedding, base);
  }
  const scoreGradients = new Float64Array(count);
  const embeddingGradients = new Float64Array(count * embedding);
  const baseGradients = new Float64Array(count * pick);
  const state = createPickState(observation);
  const units = new Float32Array(count * pick);
  const besides = new Float32Array(count * embedding);
  const logits = new Float64Array(count + 1);
  let sum = 0;

  for (const [at, action] of actions.entries()) {
    const weight = gradients[at] ?? 0;
    if (weight !== 0) {
      const features = state.features();
      const stop = state.stop();
      const mean = meanOf(embeddings, state.picked);
      logits.fill(Number.NEGATIVE_INFINITY);
      for (let index = 0; index < count; index++)
        if (state.isOpen(index)) logits[index] = forwardPick(index, features, mean) / temperature;
      logits[count] = (dot(stop, tensors['stop.weight']) + (tensors['stop.bias'][0] ?? 0)) / temperature;
      const total = logSumExp(logits);
      sum += weight * ((logits[action] ?? Number.NaN) - total);
      const meanGradient = new Float64Array(embedding);
      for (let index = 0; index <= count; index++) {
        const chance = Math.exp((logits[index] ?? 0) - total);
        if (chance === 0 && index !== action) continue;
        const gradient = (weight * ((index === action ? 1 : 0) - chance)) / temperature;
        if (index < count) backwardPick(index, features, mean, gradient, meanGradient);
        else {
          addScaled(into['stop.weight'], 0, stop, gradient);
          into['stop.bias'][0]! += gradient;
        }
      }
      for (const before of state.picked)
        for (let unit = 0; unit < embedding; unit++)
          embeddingGradients[before * embedding + unit]! += meanGradient[unit]! / state.picked.length;
    }
    if (action < count) state.take(action);
  }

  for (let index = 0; index < count; index++) backwardBase(index);
  backwardEmbedding(observation, tensors, layers, scoreGradients, embeddingGradients, into);
  return sum;

  function forwardPick(index: number, features: Float32Array, mean: Float32Array): number {
    const beside = row(besides, index, embedding);
    const own = row(embeddings, index, embedding);
    for (let unit = 0; unit < embedding; unit++) beside[unit] = own[unit]! * mean[unit]!;
    const out = row(units, index, pick);
    out.set(row(bases, index, pick));
    addProduct(row(features, index, pickFeatures), tensors['pick.weight'], 0, out);
    addProduct(beside, tensors['pick.weight'], rowsOfBeside, out);
    let logit = scores[index]! + tensors['rule.weight'][0]! * features[index * pickFeatures]!;
    for (let unit = 0; unit < pick; unit++) {
      if (out[unit]! < 0) out[unit] = 0;
      logit += out[unit]! * tensors['pick.output'][unit]!;
    }
    return logit;
  }

  function backwardPick(
    index: number,
    features: Float32Array,
    mean: Float32Array,
    gradient: number,
    meanGradient: Float64Array,
  ): void {
    scoreGradients[index]! += gradient;
    into['rule.weight'][0]! += gradient * features[index * pickFeatures]!;
    const out = row(units, index, pick);
    const unitGradients = new Float64Array(pick);
    for (let unit = 0; unit < pick; unit++) {
      if (out[unit]! <= 0) continue;
      into['pick.output'][unit]! += gradient * out[unit]!;
      const own = gradient * tensors['pick.output'][unit]!;
      unitGradients[unit] = own;
      baseGradients[index * pick + unit]! += own;
    }
    addOuter(row(features, index, pickFeatures), unitGradients, into['pick.weight'], 0);
    const beside = row(besides, index, embedding);
    addOuter(beside, unitGradients, into['pick.weight'], rowsOfBeside);
    for (let unit = 0; unit < embedding; unit++) {
      const back = backDot(tensors['pick.weight'], rowsOfBeside + unit, unitGradients);
      embeddingGradients[index * embedding + unit]! += back * mean[unit]!;
      meanGradient[unit]! += back * embeddings[index * embedding + unit]!;
    }
  }

  function backwardBase(index: number): void {
    const own = baseGradients.subarray(index * pick, (index + 1) * pick);
    for (let unit = 0; unit < pick; unit++) into['pick.bias'][unit]! += own[unit]!;
    addOuter(row(embeddings, index, embedding), own, into['pick.weight'], rowsOfEmbedding);
    for (let unit = 0; unit < embedding; unit++)
      embeddingGradients[index * embedding + unit]! += backDot(
        tensors['pick.weight'],
        rowsOfEmbedding + unit,
        own,
      );
  }
}

/** What the layers below the picks gave, for the way back. */
interface Layers {
  asked: Float32Array;
  words: Float32Array;
  inputs: Float32Array;
  first: Float32Array;
  second: Float32Array;
  scores: Float32Array;
  embeddings: Float32Array;
}

function embedCandidates(
  { question, features, bags, candidates }: EvidenceObservation,
  tensors: EvidenceTensors,
): Layers {
  const count = candidates.length;
  const layers: Layers = {
    asked: new Float32Array(product),
    words: new Float32Array(count * product),
    inputs: new Float32Array(count * inputs),
    first: new Float32Array(count * hidden),
    second: new Float32Array(count * hidden),
    scores: new Float32Array(count),
    embeddings: new Float32Array(count * embedding),
  };
  addProduct(question.bag, tensors['words.question'], 0, layers.asked);
  for (let index = 0; index < count; index++) {
    const words = row(layers.words, index, product);
    addProduct(row(bags, index, bagSlots), tensors['words.candidate'], 0, words);
    const input = row(layers.inputs, index, inputs);
    input.set(row(features, index, candidateFeatures));
    for (let at = 0; at < product; at++) input[candidateFeatures + at] = words[at]! * layers.asked[at]!;
    const first = row(layers.first, index, hidden);
    first.set(tensors['input.bias']);
    addProduct(input, tensors['input.weight'], 0, first);
    cutNegative(first);
    const second = row(layers.second, index, hidden);
    second.set(tensors['middle.bias']);
    addProduct(first, tensors['middle.weight'], 0, second);
    cutNegative(second);
    layers.scores[index] = dot(second, tensors['score.weight']);
    const own = row(layers.embeddings, index, embedding);
    own.set(tensors['embed.bias']);
    addProduct(second, tensors['embed.weight'], 0, own);
  }
  return layers;
}

function backwardEmbedding(
  { question, bags }: EvidenceObservation,
  tensors: EvidenceTensors,
  layers: Layers,
  scoreGradients: Float64Array,
  embeddingGradients: Float64Array,
  into: Gradient,
): void {
  const { asked } = layers;
  const askedGradient = new Float64Array(product);
  for (let index = 0; index < scoreGradients.length; index++) {
    const score = scoreGradients[index]!;
    if (score === 0) continue;
    const own = embeddingGradients.subarray(index * embedding, (index + 1) * embedding);
    const second = row(layers.second, index, hidden);
    addScaled(into['score.weight'], 0, second, score);
    addScaled(into['embed.bias'], 0, own, 1);
    addOuter(second, own, into['embed.weight'], 0);
    const secondGradient = new Float64Array(hidden);
    for (let unit = 0; unit < hidden; unit++)
      if (second[unit]! > 0)
        secondGradient[unit] =
          score * tensors['score.weight'][unit]! + backDot(tensors['embed.weight'], unit, own);
    const first = row(layers.first, index, hidden);
    addScaled(into['middle.bias'], 0, secondGradient, 1);
    addOuter(first, secondGradient, into['middle.weight'], 0);
    const firstGradient = new Float64Array(hidden);
    for (let unit = 0; unit < hidden; unit++)
      if (first[unit]! > 0) firstGradient[unit] = backDot(tensors['middle.weight'], unit, secondGradient);
    addScaled(into['input.bias'], 0, firstGradient, 1);
    addOuter(row(layers.inputs, index, inputs), firstGradient, into['input.weight'], 0);
    const words = row(layers.words, index, product);
    const wordsGradient = new Float64Array(product);
    for (let at = 0; at < product; at++) {
      const back = backDot(tensors['input.weight'], candidateFeatures + at, firstGradient);
      wordsGradient[at] = back * asked[at]!;
      askedGradient[at]! += back * words[at]!;
    }
    addOuter(row(bags, index, bagSlots), wordsGradient, into['words.candidate'], 0);
  }
  addOuter(question.bag, askedGradient, into['words.question'], 0);
}

function meanOf(embeddings: Float32Array, picked: readonly number[]): Float32Array {
  const mean = new Float32Array(embedding);
  for (const index of picked)
    for (let unit = 0; unit < embedding; unit++)
      mean[unit]! += embeddings[index * embedding + unit]! / picked.length;
  return mean;
}

function logSumExp(values: Float64Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) most = Math.max(most, value);
  let sum = 0;
  for (const value of values) sum += Math.exp(value - most);
  return most + Math.log(sum);
}

function row(values: Float32Array, index: number, width: number): Float32Array {
  return values.subarray(index * width, (index + 1) * width);
}

/** `out += input · weight`, where the rows of `weight` begin at `from`. Zero inputs cost nothing. */
function addProduct(input: Float32Array, weight: Float32Array, from: number, out: Float32Array): void {
  const width = out.length;
  for (let at = 0; at < input.length; at++) {
    const value = input[at]!;
    if (value === 0) continue;
    const start = (from + at) * width;
    for (let to = 0; to < width; to++) out[to]! += value * weight[start + to]!;
  }
}

/** `into += input ⊗ gradient`, where the rows of `into` begin at `from`. */
function addOuter(input: Float32Array, gradient: Float64Array, into: Float64Array, from: number): void {
  const width = gradient.length;
  for (let at = 0; at < input.length; at++) {
    const value = input[at]!;
    if (value === 0) continue;
    const start = (from + at) * width;
    for (let to = 0; to < width; to++) into[start + to]! += value * gradient[to]!;
  }
}

/** What row `at` of `weight` gives back of a gradient behind it. */
function backDot(weight: Float32Array, at: number, gradient: Float64Array): number {
  const start = at * gradient.length;
  let sum = 0;
  for (let to = 0; to < gradient.length; to++) sum += weight[start + to]! * gradient[to]!;
  return sum;
}

function addScaled(
  into: Float64Array,
  from: number,
  values: Float32Array | Float64Array,
  scale: number,
): void {
  for (let at = 0; at < values.length; at++) into[from + at]! += values[at]! * scale;
}

function dot(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += one[at]! * other[at]!;
  return sum;
}

function cutNegative(values: Float32Array): void {
  for (let at = 0; at < values.length; at++) if (values[at]! < 0) values[at] = 0;
}
