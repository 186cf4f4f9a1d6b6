import { z } from 'zod';
import { TinkerError } from '../errors.ts';
import type { AdamParams } from './optimizer.ts';

const beta = z.number().min(0).lt(1);

const adam = z.strictObject({
  learningRate: z.number().min(0).default(1e-4),
  beta1: beta.default(0.9),
  beta2: beta.default(0.95),
  eps: z.number().gt(0).default(1e-12),
  weightDecay: z.number().min(0).default(0),
  gradClipNorm: z.number().min(0).default(0),
});

/** The parameters of a step as the protocol writes them, all of them: servers differ in their defaults. */
export function adamToJson(params: AdamParams) {
  const result = adam.safeParse(params);
  if (!result.success)
    throw new TinkerError('bad-input', `The optimizer step is wrong: ${z.prettifyError(result.error)}`);
  const { learningRate, beta1, beta2, eps, weightDecay, gradClipNorm } = result.data;
  return {
    learning_rate: learningRate,
    beta1,
    beta2,
    eps,
    weight_decay: weightDecay,
    // Servers that cannot clip refuse the word itself.
    ...(gradClipNorm > 0 && { grad_clip_norm: gradClipNorm }),
  };
}
