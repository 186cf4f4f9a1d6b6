import type { Context } from 'hono';
import type { PassOutput } from '../model/pass-output.ts';
import type { SampleOutput } from '../sampling/sampler.ts';
import {
  encodePassOutput,
  encodeSampleOutput,
  modelInputJson,
  passOutputToJson,
  sampleOutputToJson,
} from '../wire/index.ts';
import { logprobOf, type FixtureModel } from './fixture-engine.ts';

/** What a request comes to. */
export type FixtureResult =
  | { readonly json: object }
  | { readonly pass: PassOutput }
  | { readonly sample: SampleOutput };

/** A training run as servers list it. */
export const runJson = (id: string) => ({
  training_run_id: id,
  base_model: 'tiny',
  model_owner: 'me',
  is_lora: true,
  lora_rank: 8,
  last_request_time: '2026-01-01T00:00:00Z',
  user_metadata: { step: '3' },
});

/** Says the prompt again, token after token, with the log-probabilities of the weights it samples from. */
export function drawSample(
  body: Record<string, unknown>,
  checkpoints: ReadonlyMap<string, FixtureModel>,
): SampleOutput {
  const prompt = modelInputJson
    .parse(body['prompt'])
    .flatMap((chunk) => (chunk.type === 'text' ? Array.from(chunk.tokens) : []));
  const { max_tokens: maxTokens } = body['sampling_params'] as { max_tokens: number };
  const weight = checkpoints.get(String(body['sampling_session_id']))?.weight ?? 0;
  const said = prompt.slice(0, maxTokens);
  return {
    sequences: Array.from({ length: Number(body['num_samples']) }, () => ({
      tokens: Int32Array.from(said),
      logprobs: Float32Array.from(said, (token) => logprobOf(token, weight)),
      stopReason: said.length < prompt.length ? 'length' : 'stop',
      topLogprobs: body['topk_sample_logprobs'] ? said.map((token) => [{ token, logprob: -1 }]) : undefined,
      sequenceId: undefined,
    })),
    promptLogprobs: body['prompt_logprobs']
      ? Float32Array.from(prompt, (token, index) => (index === 0 ? Number.NaN : logprobOf(token, weight)))
      : undefined,
    topPromptLogprobs: body['topk_prompt_logprobs']
      ? prompt.map((token, index) => (index === 0 ? undefined : [{ token, logprob: -0.5 }]))
      : undefined,
    promptCacheHitTokens: 0,
  };
}

/** A result in the form that the question asks for. */
export function writeResult(context: Context, result: FixtureResult): Response {
  if ('json' in result) return context.json(result.json);
  const isBinary = context.req.header('accept')?.includes('application/x-protobuf');
  if (!isBinary)
    return context.json('pass' in result ? passOutputToJson(result.pass) : sampleOutputToJson(result.sample));
  const body = 'pass' in result ? encodePassOutput(result.pass) : encodeSampleOutput(result.sample);
  return context.body(new Uint8Array(body), 200, { 'content-type': 'application/x-protobuf' });
}
