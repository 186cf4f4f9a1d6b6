import { z } from 'zod';
import type { PromptMessage } from '../tokenizer/tokenizer.ts';

/** What the test server takes from a request to `/v1/chat/completions`. */
export interface ChatRequest {
  model: string;
  /** Text only; whoever is neither system nor developer counts as the user. */
  messages: PromptMessage[];
  maxTokens: number | undefined;
  stream: boolean;
  /** Whether a stream ends with a chunk that holds the usage. */
  includeUsage: boolean;
  /** The whole body. */
  json: unknown;
}

const part = z.object({ text: z.string().optional() });
const schema = z.object({
  model: z.string(),
  messages: z
    .array(z.object({ role: z.string(), content: z.union([z.string(), z.array(part)]).nullish() }))
    .min(1),
  max_tokens: z.int().positive().nullish(),
  max_completion_tokens: z.int().positive().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
});

/** Reads a request's body; a string says what is wrong with it. */
export function parseChatRequest(body: string): ChatRequest | string {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return 'The body is not JSON.';
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) return z.prettifyError(parsed.error);
  const { model, messages, max_tokens, max_completion_tokens, stream, stream_options } = parsed.data;
  return {
    model,
    messages: messages.map(({ role, content }) => ({
      role: role === 'system' || role === 'developer' ? 'system' : 'user',
      content: typeof content === 'string' ? content : (content ?? []).map(({ text }) => text ?? '').join(''),
    })),
    maxTokens: max_completion_tokens ?? max_tokens ?? undefined,
    stream: stream ?? false,
    includeUsage: stream_options?.include_usage ?? false,
    json,
  };
}
