import { createWordCache } from './word-cache.ts';
import { termsOf } from './words.ts';

/** Gives the terms of a word, none for a stop word. */
export type Terms = (word: string) => readonly string[];

/** Remembers the terms of words, see {@link createWordCache}. */
export function createTermCache(limit?: number): Terms {
  return createWordCache(termsOf, limit);
}
