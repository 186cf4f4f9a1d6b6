/**
 * Remembers the first values it is given, up to a limit: over a text, what is common comes early. When it is full
 * the rest is not taken in. A cache that makes room for everything throws away hundreds of megabytes over a long
 * document, and all of it has grown so old that V8 lets it pile up until its next full collection.
 */
export interface SteadyCache<Value> {
  get(key: string): Value | undefined;
  /** Remembers a value under a key that `get` did not have, unless the cache is full. */
  offer(key: string, value: Value): void;
}

/** A full cache begins anew after so many times its size of offers, as when the text goes on in another language. */
const patience = 16;

/** Creates an empty cache of at most `limit` keys. */
export function createSteadyCache<Value>(limit: number): SteadyCache<Value> {
  const known = new Map<string, Value>();
  let refused = 0;
  return {
    get: (key) => known.get(key),
    offer(key, value) {
      if (known.size >= limit) {
        refused += 1;
        if (refused < patience * limit) return;
        known.clear();
        refused = 0;
      }
      known.set(key, value);
    },
  };
}
