import { longestPrefix } from '../tokenizer/longest-prefix.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/**
 * The longest beginning or end of a text within so many tokens, cut anywhere but inside a surrogate pair: what
 * a server does that stops writing, or reads only a part of the prompt.
 */
export function keepTokens(
  text: string,
  maxTokens: number,
  tokenizer: Tokenizer,
  side: 'start' | 'end',
): string {
  if (tokenizer.count(text) <= maxTokens) return text;
  const kept = (length: number): string => keepCharacters(text, length, side);
  // The search wants prefixes; for an end it is the length alone that counts.
  return kept(longestPrefix(text, maxTokens, ({ length }) => tokenizer.count(kept(length))));
}

/** At most `length` UTF-16 units of the text, one fewer where a surrogate pair stands on the border. */
function keepCharacters(text: string, length: number, side: 'start' | 'end'): string {
  if (side === 'start') return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
  return text.slice(text.length - length).replace(/^[\uDC00-\uDFFF]/, '');
}
