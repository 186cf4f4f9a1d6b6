import { z } from 'zod';
import type { ModelInfo } from './model.ts';

/** What a server says of a model. */
export const modelInfoForm = z
  .object({
    model_id: z.string(),
    is_lora: z.boolean().nullish(),
    lora_rank: z.number().int().nullish(),
    model_data: z.object({
      model_name: z.string().nullish(),
      tokenizer_id: z.string().nullish(),
      lora_config: z.object({ rank: z.number().int() }).nullish(),
    }),
  })
  .transform(({ model_id: modelId, is_lora: isLora, lora_rank: rank, model_data: data }): ModelInfo => ({
    modelId,
    modelName: data.model_name ?? undefined,
    // Written as `name:revision`.
    tokenizerId: data.tokenizer_id?.split(':')[0],
    isLora: isLora ?? undefined,
    loraRank: rank ?? data.lora_config?.rank,
  }));
