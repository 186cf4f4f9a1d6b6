import { z } from 'zod';
import { checkModelInput } from '../data/model-input.ts';
import { TinkerError } from '../errors.ts';
import { modelInputToJson } from '../wire/model-input-json.ts';
import type { SampleRequest } from './sampler.ts';

const count = z.number().int().min(1);

const limits = z.strictObject({
  samples: count.optional(),
  maxTokens: count,
  temperature: z.number().min(0).optional(),
  topK: z.number().int().min(-1).optional(),
  topP: z.number().gt(0).max(1).optional(),
  seed: z.number().int().min(0).optional(),
  stop: z.union([z.array(z.number().int().min(0)), z.array(z.string().min(1))]).optional(),
  promptLogprobs: z.boolean().optional(),
  topPromptLogprobs: z.number().int().min(0).optional(),
  topLogprobs: z.number().int().min(0).optional(),
});

/** Throws `bad-input` if the request cannot be sent. */
export function checkSampleRequest({ prompt, ...settings }: SampleRequest): void {
  checkModelInput(prompt, 'The prompt');
  const result = limits.safeParse(settings);
  if (!result.success)
    throw new TinkerError('bad-input', `The sampling request is wrong: ${z.prettifyError(result.error)}`);
}

/** The body of `asample`. What is not given is left out, as servers refuse what they do not know. */
export const sampleRequestToJson = ({
  prompt,
  samples,
  promptLogprobs,
  topPromptLogprobs,
  topLogprobs,
  ...params
}: SampleRequest) => ({
  prompt: modelInputToJson(prompt),
  num_samples: samples ?? 1,
  sampling_params: {
    max_tokens: params.maxTokens,
    temperature: params.temperature ?? 1,
    ...(params.topK !== undefined && { top_k: params.topK }),
    ...(params.topP !== undefined && { top_p: params.topP }),
    ...(params.seed !== undefined && { seed: params.seed }),
    ...(params.stop !== undefined && { stop: params.stop }),
  },
  ...(promptLogprobs && { prompt_logprobs: true }),
  ...(topPromptLogprobs && { topk_prompt_logprobs: topPromptLogprobs }),
  ...(topLogprobs && { topk_sample_logprobs: topLogprobs }),
});
