import { countMerged } from './count-merged.ts';
import { type Encoding, toBytes } from './encoding.ts';

/**
 * Longer pieces are not cached: they seldom come again, and from 13 characters on V8 cuts a string out of a
 * document as a view that keeps the whole document in memory.
 */
const longestCached = 12;

/** Enough for the vocabulary of a long book. */
const mostCached = 50_000;

/** Returns a function that counts the tokens of a text. It keeps a cache of pieces, so it is not shared. */
export function createPieceCounter({ ranks, pattern }: Encoding): (text: string) => number {
  const splitter = new RegExp(pattern, 'gu');
  const cache = new Map<string, number>();

  function countPiece(piece: string): number {
    const bytes = toBytes(piece);
    return ranks.has(bytes) ? 1 : countMerged(bytes, ranks);
  }

  return (text) => {
    let tokens = 0;
    let start = 0;
    splitter.lastIndex = 0;
    // Pieces follow each other without gaps, so their ends say all; match objects would cost time.
    while (splitter.test(text)) {
      const piece = text.slice(start, splitter.lastIndex);
      start = splitter.lastIndex;
      let count = cache.get(piece);
      if (count === undefined) {
        count = countPiece(piece);
        if (piece.length <= longestCached) {
          if (cache.size >= mostCached) cache.clear();
          cache.set(piece, count);
        }
      }
      tokens += count;
    }
    return tokens;
  };
}
