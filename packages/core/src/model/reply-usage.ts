import type { LanguageModelV4GenerateResult } from '@ai-sdk/provider';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { costOf, type Prices } from './price.ts';
import { replyText } from './reply-text.ts';
import type { Usage } from './usage.ts';

/** What the server reports of one answered request; where it reports nothing, our own counts. */
export function replyUsage(
  reply: LanguageModelV4GenerateResult,
  promptTokens: number,
  tokenizer: Tokenizer,
  prices: Prices | undefined,
): Usage {
  const { inputTokens, outputTokens } = reply.usage;
  const usage: Usage = {
    promptTokens: inputTokens.total || promptTokens,
    completionTokens: outputTokens.total ?? tokenizer.count(replyText(reply)),
    cachedTokens: inputTokens.cacheRead ?? 0,
    reasoningTokens: outputTokens.reasoning ?? 0,
    calls: 1,
    retries: 0,
  };
  if (prices) usage.cost = costOf(usage, prices);
  return usage;
}
