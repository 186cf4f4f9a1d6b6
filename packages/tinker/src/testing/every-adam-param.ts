import type { AdamParams } from '../model/optimizer.ts';

/** Every parameter, none of them at its default. */
export const everyAdamParam: Required<AdamParams> = {
  learningRate: 1e-5,
  beta1: 0.8,
  beta2: 0.99,
  eps: 1e-8,
  weightDecay: 0.1,
  gradClipNorm: 1,
};
