import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/**
 * The longest beginning or end of a text within so many tokens, cut anywhere but inside a surrogate pair: what
 * a server does that stops writing, or reads only a part of the prompt. Takes some 15 counts of a long text.
 */
export function keepTokens(
  text: string,
  maxTokens: number,
  tokenizer: Tokenizer,
  side: 'start' | 'end',
): string {
  if (tokenizer.count(text) <= maxTokens) return text;
  let fits = 0;
  let tooLong = text.length;
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (tokenizer.count(keepCharacters(text, middle, side)) <= maxTokens) fits = middle;
    else tooLong = middle;
  }
  return keepCharacters(text, fits, side);
}

/** At most `length` UTF-16 units of the text, one fewer where a surrogate pair stands on the border. */
function keepCharacters(text: string, length: number, side: 'start' | 'end'): string {
  if (side === 'start') return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
  return text.slice(text.length - length).replace(/^[\uDC00-\uDFFF]/, '');
}
