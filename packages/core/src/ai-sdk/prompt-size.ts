import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { listPromptParts } from './prompt-parts.ts';

/** More than chat templates put around a message. */
const messageTokens = 8;

/**
 * Tokens of a call's prompt, tools and schema, as many as are needed to know that they are more than `limit`. Files
 * that are no text count nothing. Counted in slices, so that a book does not have to be counted to its end.
 */
export function countCall(
  { prompt, tools, responseFormat }: LanguageModelV4CallOptions,
  tokenizer: Tokenizer,
  limit: number,
): number {
  const other = [tools, responseFormat?.type === 'json' ? responseFormat.schema : undefined];
  const texts = [
    ...listPromptParts(prompt, false).map(({ content }) => content),
    ...other.flatMap((value) => (value === undefined ? [] : [JSON.stringify(value)])),
  ];
  let tokens = prompt.length * messageTokens;
  const slice = 1 << 15;
  for (const text of texts) {
    for (let start = 0; start < text.length; start += slice) {
      tokens += tokenizer.count(text.slice(start, start + slice));
      if (tokens > limit) return tokens;
    }
  }
  return tokens;
}
