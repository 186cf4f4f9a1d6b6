/**
 * AdamW (Loshchilov & Hutter 2019) over a list of weights, in plain TypeScript: for engines without an optimiser of
 * their own, and what the others are compared with. Moments and weights are 32-bit floats, so that a checkpoint
 * keeps them exactly.
 */
import { MemagentError } from '@memagent/core';
import type { AdamStep } from './backend.ts';

export interface AdamState {
  /** Steps made; decides the bias correction. */
  step: number;
  /** Running means of the gradient and of its square, one array for each array of weights. */
  m: readonly Float32Array[];
  v: readonly Float32Array[];
}

/** The state before the first step. */
export function createAdamState(weights: readonly Float32Array[]): AdamState {
  const zeros = (): Float32Array[] => weights.map(({ length }) => new Float32Array(length));
  return { step: 0, m: zeros(), v: zeros() };
}

/**
 * One step, in place: the gradient's global norm is clipped first, the decay is apart from the gradient and holds
 * for all weights. Returns the norm before clipping. Throws `not-finite`, with nothing changed.
 */
export function stepAdamW(
  weights: readonly Float32Array[],
  gradients: readonly Float64Array[],
  state: AdamState,
  { learningRate, beta1, beta2, epsilon, weightDecay, clipNorm }: AdamStep,
): number {
  const norm = globalNorm(gradients);
  if (!Number.isFinite(norm)) {
    throw new MemagentError(`The gradient's norm is ${norm}; no weight was changed.`, { code: 'not-finite' });
  }
  state.step += 1;
  const shrink = norm > clipNorm ? clipNorm / norm : 1;
  const correction1 = 1 - beta1 ** state.step;
  const correction2 = 1 - beta2 ** state.step;
  weights.forEach((array, index) => {
    const gradient = gradients[index] as Float64Array;
    const m = state.m[index] as Float32Array;
    const v = state.v[index] as Float32Array;
    for (let i = 0; i < array.length; i += 1) {
      const g = (gradient[i] as number) * shrink;
      m[i] = beta1 * (m[i] as number) + (1 - beta1) * g;
      v[i] = beta2 * (v[i] as number) + (1 - beta2) * g * g;
      const direction =
        (m[i] as number) / correction1 / (Math.sqrt((v[i] as number) / correction2) + epsilon);
      const weight = array[i] as number;
      array[i] = weight - learningRate * (direction + weightDecay * weight);
    }
  });
  return norm;
}

function globalNorm(gradients: readonly Float64Array[]): number {
  let sum = 0;
  for (const gradient of gradients) for (const value of gradient) sum += value * value;
  return Math.sqrt(sum);
}
