import { isStopWord } from './content-words.ts';
import { termsOf } from './words.ts';

/** Gives the terms of a word, none for a stop word. */
export type Terms = (word: string) => readonly string[];

/**
 * Longer words are not remembered. They are rare, and V8 keeps such a piece of a text as a view that holds the
 * whole text in memory: a cache of them would hold most of the document.
 */
const longestRemembered = 12;

/** Remembers the terms of the words met, up to `limit` words: stemming is the slow part of reading. */
export function createTermCache(limit = 50_000): Terms {
  const known = new Map<string, readonly string[]>();
  return (word) => {
    const before = known.get(word);
    if (before) return before;
    const terms = isStopWord(word) ? [] : termsOf(word);
    if (word.length > longestRemembered) return terms;
    if (known.size >= limit) known.clear();
    known.set(word, terms);
    return terms;
  };
}
