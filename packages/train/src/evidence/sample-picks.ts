/** Drawing picks and scoring them, with core's forward pass. */
import { type EvidenceObservation, type EvidenceTensors, runNetwork } from '@memagent/core/evidence';
import type { SampledActions, SampleRequest, TakenActions } from '../backend/backend.ts';
import { createDraws } from '../backend/create-draws.ts';

/** Picks until the policy stops, nothing fits, or `maxActions` are drawn. Nothing left that fits is no action. */
export function samplePicks(
  { observation, maxActions, temperature, topP, seed }: SampleRequest<EvidenceObservation>,
  tensors: EvidenceTensors,
): SampledActions {
  const nextDraw = createDraws(seed);
  const stop = observation.candidates.length;
  const { state, logits } = runNetwork(observation, tensors);
  const actions: number[] = [];
  const logprobs: number[] = [];
  let entropy = 0;
  let ended = !state.hasOpen();
  while (!ended && actions.length < maxActions) {
    const chances = logProbabilities(logits(), temperature === 0 ? 1 : temperature);
    const action = temperature === 0 ? mostLikely(chances) : draw(chances, topP, nextDraw());
    actions.push(action);
    logprobs.push(chances[action] ?? Number.NaN);
    entropy += entropyOf(chances);
    if (action !== stop) state.take(action);
    ended = action === stop || !state.hasOpen();
  }
  return {
    actions,
    logprobs,
    entropy: actions.length === 0 ? 0 : entropy / actions.length,
    finish: ended ? 'end' : 'length',
  };
}

/** The log-probability of each pick, and the sum of the policy's entropies. */
export function scorePicks(
  { observation, actions, temperature = 1 }: TakenActions<EvidenceObservation>,
  tensors: EvidenceTensors,
): { logprobs: number[]; entropy: number } {
  const { state, logits } = runNetwork(observation, tensors);
  let entropy = 0;
  const logprobs = actions.map((action) => {
    const chances = logProbabilities(logits(), temperature);
    entropy += entropyOf(chances);
    if (action < observation.candidates.length) state.take(action);
    return chances[action] ?? Number.NaN;
  });
  return { logprobs, entropy };
}

function logProbabilities(logits: Float32Array, temperature: number): Float64Array {
  const chances = Float64Array.from(logits, (logit) => logit / temperature);
  const most = chances.reduce((best, one) => Math.max(best, one), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (const one of chances) sum += Math.exp(one - most);
  const shift = most + Math.log(sum);
  return chances.map((one) => one - shift);
}

function mostLikely(chances: Float64Array): number {
  let best = 0;
  for (let index = 1; index < chances.length; index++)
    if ((chances[index] ?? 0) > (chances[best] ?? 0)) best = index;
  return best;
}

/** `fraction` (0 to 1, 1 excluded) names a point of the cumulative distribution, cut to `topP`. */
function draw(chances: Float64Array, topP: number, fraction: number): number {
  const order = Array.from(chances.keys());
  if (topP < 1) order.sort((a, b) => (chances[b] ?? 0) - (chances[a] ?? 0) || a - b);
  const kept: number[] = [];
  let mass = 0;
  for (const index of order) {
    const chance = Math.exp(chances[index] ?? 0);
    if (chance === 0) continue;
    kept.push(index);
    mass += chance;
    if (topP < 1 && mass >= topP) break;
  }
  let rest = fraction * mass;
  for (const index of kept) {
    rest -= Math.exp(chances[index] ?? 0);
    if (rest < 0) return index;
  }
  return kept.at(-1) ?? 0;
}

function entropyOf(chances: Float64Array): number {
  let entropy = 0;
  for (const one of chances) if (one > -50) entropy -= Math.exp(one) * one;
  return entropy;
}
