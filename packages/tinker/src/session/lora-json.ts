import { z } from 'zod';
import { TinkerError } from '../errors.ts';
import type { LoraConfig } from './session.ts';

const lora = z.strictObject({
  rank: z.number().int().min(0),
  seed: z.number().int().min(0).optional(),
  trainUnembed: z.boolean().optional(),
  trainMlp: z.boolean().optional(),
  trainAttn: z.boolean().optional(),
});

/** Adapters as the protocol writes them. */
export function loraToJson(config: LoraConfig) {
  const result = lora.safeParse(config);
  if (!result.success)
    throw new TinkerError('bad-input', `The adapters are wrong: ${z.prettifyError(result.error)}`);
  const { rank, seed, trainUnembed, trainMlp, trainAttn } = result.data;
  return {
    rank,
    ...(seed !== undefined && { seed }),
    ...(trainUnembed !== undefined && { train_unembed: trainUnembed }),
    ...(trainMlp !== undefined && { train_mlp: trainMlp }),
    ...(trainAttn !== undefined && { train_attn: trainAttn }),
  };
}
