import { z } from 'zod';
import type { SampledSequence, SampleOutput, TopTokens } from '../sampling/sampler.ts';

const topRows = z
  .array(z.array(z.tuple([z.number().int(), z.number()])).nullable())
  .nullish()
  .transform((rows) => rows?.map((row) => row?.map(([token, logprob]) => ({ token, logprob }))));

const floatList = z
  .array(z.number().nullable())
  .nullish()
  .transform((values) => values && Float32Array.from(values, (value) => value ?? Number.NaN))
  .transform((values) => values ?? undefined);

const sequence = z
  .object({
    tokens: z.array(z.number().int()),
    logprobs: floatList,
    stop_reason: z.enum(['stop', 'length']),
    topk_logprobs: topRows,
    sequence_id: z.string().nullish(),
  })
  .transform(
    ({
      tokens,
      logprobs,
      stop_reason: stopReason,
      topk_logprobs: topLogprobs,
      sequence_id: id,
    }): SampledSequence => ({
      tokens: Int32Array.from(tokens),
      logprobs,
      stopReason,
      topLogprobs,
      sequenceId: id ?? undefined,
    }),
  );

/** The JSON form of a sampling result. */
export const sampleOutputJson = z
  .object({
    sequences: z.array(sequence),
    prompt_logprobs: floatList,
    topk_prompt_logprobs: topRows,
    prompt_cache_hit_tokens: z.number().int().nullish(),
  })
  .transform((body): SampleOutput => ({
    sequences: body.sequences,
    promptLogprobs: body.prompt_logprobs,
    topPromptLogprobs: body.topk_prompt_logprobs,
    promptCacheHitTokens: body.prompt_cache_hit_tokens ?? 0,
  }));

/** The inverse of reading `sampleOutputJson`. */
export const sampleOutputToJson = (output: SampleOutput) => ({
  sequences: output.sequences.map(({ tokens, logprobs, stopReason, topLogprobs, sequenceId }) => ({
    tokens: Array.from(tokens),
    stop_reason: stopReason,
    ...(logprobs && { logprobs: toNumbers(logprobs) }),
    ...(topLogprobs && { topk_logprobs: topLogprobs.map(topToJson) }),
    ...(sequenceId !== undefined && { sequence_id: sequenceId }),
  })),
  ...(output.promptLogprobs && { prompt_logprobs: toNumbers(output.promptLogprobs) }),
  ...(output.topPromptLogprobs && { topk_prompt_logprobs: output.topPromptLogprobs.map(topToJson) }),
  prompt_cache_hit_tokens: output.promptCacheHitTokens,
});

const toNumbers = (values: Float32Array) =>
  Array.from(values, (value) => (Number.isNaN(value) ? null : value));

const topToJson = (row: TopTokens | undefined) => row?.map(({ token, logprob }) => [token, logprob]) ?? null;
