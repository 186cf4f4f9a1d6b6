import { isStopWord } from './content-words.ts';

/**
 * Longer words are not remembered. They are rare, and V8 keeps such a piece of a text as a view that holds the
 * whole text in memory: a cache of them would hold most of the document. Nor are words with digits: a long
 * document has no end of them, and few come again.
 */
const isRemembered = /^\D{1,12}$/;

/** A full cache begins anew after so many times its size of words that it did not have. */
const patience = 16;

/**
 * Remembers what `derive` makes of the first `limit` words met, nothing for stop words: stemming is the slow part
 * of reading. What is common comes early. The rest is not taken in when the cache is full: over a long document
 * that would throw away hundreds of megabytes that have grown old, which V8 lets pile up. Only where most words are
 * new, as in another language, does it begin anew.
 */
export function createWordCache<Term>(
  derive: (word: string) => readonly Term[],
  limit = 32_768,
): (word: string) => readonly Term[] {
  const known = new Map<string, readonly Term[]>();
  let strangers = 0;

  function remember(word: string, terms: readonly Term[]): void {
    if (known.size >= limit) {
      strangers += 1;
      if (strangers < patience * limit) return;
      known.clear();
      strangers = 0;
    }
    // A copy: the arrays that `derive` makes would else all count as long-lived to V8, also those of the words that
    // are not kept, and be made where only a full collection finds them.
    known.set(word, terms.slice());
  }

  return (word) => {
    const before = known.get(word);
    if (before) return before;
    const terms = isStopWord(word) ? [] : derive(word);
    if (isRemembered.test(word)) remember(word, terms);
    return terms;
  };
}
