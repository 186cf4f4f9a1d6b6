/** What clients send in JSON, parsed loosely: fields that are not named here are let through and ignored. */
import { z } from 'zod';

const seqId = z.int().nonnegative().nullish();
const metadata = z.record(z.string(), z.unknown()).nullish();

const chunk = z.looseObject({
  type: z.literal('encoded_text').default('encoded_text'),
  tokens: z.array(z.int()),
});

/** A text as token ids; pictures and sound are refused. */
export const modelInputSchema = z
  .looseObject({ chunks: z.array(chunk) })
  .transform(({ chunks }) => chunks.flatMap(({ tokens }) => tokens));

export const createSessionSchema = z.looseObject({});
export const heartbeatSchema = z.looseObject({ session_id: z.string() });

export const createModelSchema = z.looseObject({
  session_id: z.string(),
  model_seq_id: z.int().nonnegative().nullish(),
  base_model: z.string(),
  user_metadata: metadata,
});

export const loadWeightsSchema = z.looseObject({
  model_id: z.string().nullish(),
  seq_id: seqId,
  session_id: z.string().nullish(),
  model_seq_id: z.int().nonnegative().nullish(),
  user_metadata: metadata,
  path: z.string(),
  optimizer: z.boolean().default(true),
});

export const saveWeightsSchema = z.looseObject({
  model_id: z.string(),
  path: z.string().nullish(),
  seq_id: seqId,
  sampling_session_seq_id: z.int().nullish(),
  ttl_seconds: z.int().positive().nullish(),
});

export const setTtlSchema = z.looseObject({ ttl_seconds: z.int().positive().nullable() });

export const optimStepSchema = z.looseObject({
  model_id: z.string(),
  seq_id: seqId,
  adam_params: z.looseObject({
    learning_rate: z.number().nonnegative().default(1e-4),
    beta1: z.number().min(0).lt(1).default(0.9),
    beta2: z.number().min(0).lt(1).default(0.95),
    eps: z.number().positive().default(1e-12),
    weight_decay: z.number().nonnegative().default(0),
    /** 0: not clipped. */
    grad_clip_norm: z.number().nonnegative().default(0),
  }),
});

export const createSamplingSessionSchema = z.looseObject({
  session_id: z.string(),
  sampling_session_seq_id: z.int().nullish(),
  base_model: z.string().nullish(),
  model_path: z.string().nullish(),
});

export const sampleSchema = z.looseObject({
  num_samples: z.int().positive().default(1),
  prompt: modelInputSchema,
  sampling_params: z.looseObject({
    max_tokens: z.int().positive().nullish(),
    seed: z.int().nonnegative().nullish(),
    stop: z.union([z.string(), z.array(z.string()), z.array(z.int())]).nullish(),
    temperature: z.number().nonnegative().default(1),
    top_k: z.int().default(-1),
    top_p: z.number().gt(0).max(1).default(1),
  }),
  base_model: z.string().nullish(),
  model_path: z.string().nullish(),
  sampling_session_id: z.string().nullish(),
  seq_id: z.int().nonnegative().nullish(),
  prompt_logprobs: z.boolean().nullish(),
  topk_prompt_logprobs: z.literal(0).optional(),
  topk_sample_logprobs: z.literal(0).optional(),
  prompt_alt_tokens_k: z.literal(0).optional(),
  prompt_logprobs_last_n: z.int().positive().nullish(),
});

export const retrieveFutureSchema = z.looseObject({ request_id: z.string() });
export const modelSchema = z.looseObject({ model_id: z.string() });
export const joinSchema = z.looseObject({ sampling_session_id: z.string() });
export const weightsInfoSchema = z.looseObject({ tinker_path: z.string() });

export type SampleBody = z.output<typeof sampleSchema>;
export type OptimStepBody = z.output<typeof optimStepSchema>;
export type LoadWeightsBody = z.output<typeof loadWeightsSchema>;
export type SaveWeightsBody = z.output<typeof saveWeightsSchema>;
