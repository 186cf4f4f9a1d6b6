/**
 * Length of the longest prefix of `text` with at most `maxTokens`, given that the whole text has more. Prefixes
 * are counted with `count`; the search ends when one comes within `slack` tokens of the limit.
 *
 * Tokens are spread evenly over most texts, so the next length is guessed from the counts on either side; every
 * other step halves the range instead, which bounds the search where they are not.
 */
export function longestPrefix(
  text: string,
  maxTokens: number,
  count: (prefix: string) => number,
  slack = 0,
): number {
  let fits = 0;
  let fitsTokens = 0;
  let exceeds = text.length;
  let exceedsTokens: number | undefined;
  for (let step = 0; exceeds - fits > 1 && (fits === 0 || maxTokens - fitsTokens > slack); step++) {
    exceedsTokens ??= count(text);
    const share = step % 2 === 0 ? (maxTokens - fitsTokens) / Math.max(1, exceedsTokens - fitsTokens) : 0.5;
    const middle = Math.floor(fits + (exceeds - fits) * share);
    const length = Math.min(exceeds - 1, Math.max(fits + 1, middle));
    const tokens = count(text.slice(0, length));
    if (tokens <= maxTokens) {
      fits = length;
      fitsTokens = tokens;
    } else {
      exceeds = length;
      exceedsTokens = tokens;
    }
  }
  return fits;
}
