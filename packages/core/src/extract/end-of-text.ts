import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** Longest that a token commonly is, in UTF-16 units: the search for the end of a text begins there. */
const longestToken = 8;

/** Where the last `maxTokens` tokens of a text begin, moved on to the next line, or else word. */
export function endOfText(text: string, maxTokens: number, tokenizer: Tokenizer): number {
  let length = Math.min(text.length, maxTokens * longestToken);
  for (;;) {
    if (length === 0) return text.length;
    const tokens = tokenizer.count(text.slice(-length));
    if (tokens <= maxTokens) break;
    length = Math.min(length - 1, Math.floor((length * maxTokens) / tokens));
  }
  const start = text.length - length;
  if (start === 0) return 0;
  const rest = text.slice(start);
  // A text without lines or spaces is cut where it is, but not through a surrogate pair.
  const line = rest.search(/[\r\n]\s*\S/);
  if (line !== -1 && line < rest.length / 2) return start + line + 1;
  const word = rest.search(/\s\S/);
  if (word !== -1) return start + word + 1;
  return /^[\uDC00-\uDFFF]/.test(rest) ? start + 1 : start;
}
