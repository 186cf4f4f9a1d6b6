import { isStopWord } from './content-words.ts';
import { createSteadyCache } from './steady-cache.ts';

/**
 * Longer words are not remembered. They are rare, and V8 keeps such a piece of a text as a view that holds the
 * whole text in memory: a cache of them would hold most of the document. Nor are words with digits: a long
 * document has no end of them, and few come again.
 */
const isRemembered = /^\D{1,12}$/;

/**
 * Remembers what `derive` makes of words, nothing for stop words: stemming is the slow part of reading. As many
 * words as `limit`, see {@link createSteadyCache}.
 */
export function createWordCache<Term>(
  derive: (word: string) => readonly Term[],
  limit = 32_768,
): (word: string) => readonly Term[] {
  const cache = createSteadyCache<readonly Term[]>(limit);
  return (word) => {
    const known = cache.get(word);
    if (known) return known;
    const terms = isStopWord(word) ? [] : derive(word);
    // A copy: the arrays that `derive` makes would else all count as long-lived to V8, also those of the words that
    // are not kept, and be made where only a full collection finds them.
    if (isRemembered.test(word)) cache.offer(word, terms.slice());
    return terms;
  };
}
