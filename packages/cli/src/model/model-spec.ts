/**
 * A model as the command line knows it: all that is needed to ask it again later, and nothing secret. Runs
 * keep it, so that `resume` needs no flags.
 */
import { z } from 'zod';

export const modelSpecSchema = z.discriminatedUnion('provider', [
  /** Any server with OpenAI's `/chat/completions`; most need no key. */
  z.object({
    provider: z.literal('compatible'),
    model: z.string(),
    baseUrl: z.string(),
    apiKeyEnv: z.string().optional(),
  }),
  z.object({ provider: z.literal('ollama'), model: z.string(), baseUrl: z.string() }),
  z.object({ provider: z.literal('openai'), model: z.string(), apiKeyEnv: z.string() }),
  z.object({
    provider: z.literal('anthropic'),
    model: z.string(),
    baseUrl: z.string().optional(),
    apiKeyEnv: z.string(),
  }),
  /** An engine of the Tinker API, which takes tokens: `tokenizer` is the folder of the model's own. */
  z.object({
    provider: z.literal('tinker'),
    model: z.string(),
    baseUrl: z.string(),
    apiKeyEnv: z.string().optional(),
    tokenizer: z.string().optional(),
  }),
  /** The AI SDK's gateway, which knows models as `provider/model`. */
  z.object({ provider: z.literal('gateway'), model: z.string(), apiKeyEnv: z.string() }),
]);

export type ModelSpec = z.output<typeof modelSpecSchema>;

/** How people call the model. */
export function describeModel({ provider, model, ...spec }: ModelSpec): string {
  const at = 'baseUrl' in spec && spec.baseUrl !== undefined ? ` at ${spec.baseUrl}` : '';
  const saysItself = provider === 'compatible' || provider === 'gateway' || model.startsWith(`${provider}:`);
  return saysItself ? `${model}${at}` : `${provider}:${model}${at}`;
}
