import { lastEnd, wholeEnd } from '../section/natural-end.ts';
import { longestPrefix } from './longest-prefix.ts';
import type { Tokenizer } from './tokenizer.ts';

/** A cut text may lose this share of its length so that it ends where a sentence or line does. */
const endsWithin = 0.2;

/** The longest beginning of `text` with at most `maxTokens`, ended at a sentence or line if one lies near. */
export function cutToTokens(text: string, maxTokens: number, tokenizer: Tokenizer): string {
  if (tokenizer.count(text) <= maxTokens) return text;
  const longest = longestPrefix(text, maxTokens, (prefix) => tokenizer.count(prefix));
  const from = Math.floor(longest * (1 - endsWithin));
  const natural = Math.max(
    lastEnd(text, 'sentence', from, longest) ?? 0,
    lastEnd(text, 'line', from, longest) ?? 0,
  );
  let end = natural || wholeEnd(text, longest);
  // A shorter prefix nearly never has more tokens, but it can.
  while (end > 0 && tokenizer.count(text.slice(0, end)) > maxTokens) end = wholeEnd(text, end - 1);
  return text.slice(0, end);
}
