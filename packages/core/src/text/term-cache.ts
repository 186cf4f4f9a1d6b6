import { isStopWord } from './content-words.ts';
import { termsOf } from './words.ts';

/** Gives the terms of a word, none for a stop word. */
export type Terms = (word: string) => readonly string[];

/**
 * Longer words are not remembered. They are rare, and V8 keeps such a piece of a text as a view that holds the
 * whole text in memory: a cache of them would hold most of the document. Nor are words with digits: a long
 * document has no end of them, and few come again.
 */
const isRemembered = /^\D{1,12}$/;

/**
 * Remembers the terms of the words met last, `limit` to twice as many: stemming is the slow part of reading.
 * Words that come again stay when the others are forgotten, so few are stemmed twice, and little is thrown away.
 */
export function createTermCache(limit = 16_384): Terms {
  let recent = new Map<string, readonly string[]>();
  let older: ReadonlyMap<string, readonly string[]> = new Map();
  return (word) => {
    const known = recent.get(word);
    if (known) return known;
    const terms = older.get(word) ?? (isStopWord(word) ? [] : termsOf(word));
    if (!isRemembered.test(word)) return terms;
    if (recent.size >= limit) {
      older = recent;
      recent = new Map();
    }
    recent.set(word, terms);
    return terms;
  };
}
