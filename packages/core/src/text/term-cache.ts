import { isStopWord } from './content-words.ts';
import { termsOf } from './words.ts';

/** Gives the terms of a word, none for a stop word. */
export type Terms = (word: string) => readonly string[];

/** Remembers the terms of the words met, up to `limit` words: stemming is the slow part of reading. */
export function createTermCache(limit = 50_000): Terms {
  const known = new Map<string, readonly string[]>();
  return (word) => {
    let terms = known.get(word);
    if (!terms) {
      terms = isStopWord(word) ? [] : termsOf(word);
      if (known.size >= limit) known.clear();
      known.set(word, terms);
    }
    return terms;
  };
}
