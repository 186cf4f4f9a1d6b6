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
    // Pieces follow each other without gaps, so their ends say all; match objects would cost time.
    for (let start = 0, end = 0; start < text.length; start = end) {
      end = plainWordEnd(text, start);
      if (end === start) {
        splitter.lastIndex = start;
        if (!splitter.test(text)) break;
        end = splitter.lastIndex;
      }
      const piece = text.slice(start, end);
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

/**
 * Where the piece at `start` ends if it is a plain word, else `start`: a space or none, a capital or none, small
 * letters, and then something of ASCII that is neither a letter nor an apostrophe, or the end. Every encoding
 * takes this for one piece, and most of English text is made of it; the pattern takes ten times as long.
 */
function plainWordEnd(text: string, start: number): number {
  let end = start;
  let code = text.charCodeAt(end);
  if (code === 0x20) code = text.charCodeAt(++end);
  if (code >= 0x41 && code <= 0x5a) code = text.charCodeAt(++end);
  const smallFrom = end;
  while (code >= 0x61 && code <= 0x7a) code = text.charCodeAt(++end);
  const goesOn = code > 0x7f || (code >= 0x41 && code <= 0x5a) || code === 0x27;
  return end === smallFrom || goesOn ? start : end;
}
