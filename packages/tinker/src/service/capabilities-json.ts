import { z } from 'zod';
import type { Capabilities } from '../tinker-client.ts';

/** What a server can do. */
export const capabilitiesForm = z
  .object({
    supported_models: z.array(
      z.object({
        model_name: z.string().nullish(),
        max_context_length: z.number().int().nullish(),
        trainable: z.boolean().nullish(),
        sampleable: z.boolean().nullish(),
      }),
    ),
  })
  .transform((body): Capabilities => ({
    supportedModels: body.supported_models.map((model) => ({
      modelName: model.model_name ?? undefined,
      maxContextLength: model.max_context_length ?? undefined,
      trainable: model.trainable ?? undefined,
      sampleable: model.sampleable ?? undefined,
    })),
  }));
