/**
 * How many of something fill a limit of tokens, where the whole text changes with their number (a shuffled
 * list), so that it cannot be filled up unit by unit. Counts that are added up from parts guess; the text itself
 * is counted to check, and if it weighs otherwise, the difference goes into the next guess.
 */

/** A guess: the largest number whose parts add up to no more than was aimed at. */
export interface CountGuess {
  count: number;
  /** What the parts of `count` add up to, and of one more. */
  tokens: number;
  tokensOfNext: number;
}

export interface FitCountOptions {
  limit: number;
  guess: (aim: number) => CountGuess;
  /** The exact tokens of the text made of so many. */
  measure: (count: number) => number;
}

/** Texts are measured no more often than this; tokenizers whose parts add up need one. */
const mostMeasured = 6;

/** The largest count found that fits; undefined if not even the guessed ones do. */
export function fitCount({ limit, guess, measure }: FitCountOptions): number | undefined {
  let best: number | undefined;
  let aim = limit;
  for (let round = 0; round < mostMeasured; round++) {
    const { count, tokens, tokensOfNext } = guess(aim);
    const excess = measure(count) - tokens;
    if (tokens + excess <= limit) {
      if (best !== undefined && count <= best) return best;
      best = count;
      if (tokensOfNext + excess > limit) return best;
    }
    aim = limit - excess;
  }
  return best;
}
