import { createSteadyCache } from '../../text/steady-cache.ts';
import { countMerged } from './count-merged.ts';
import { type Encoding, toBytes } from './encoding.ts';
import { createWordScanner, type WordScanner } from './word-scanner.ts';

/** Longer pieces are rare. */
const longestCached = 48;

/** Enough for the vocabulary of a long book. */
const mostCached = 50_000;

/** Returns a function that counts the tokens of a text. It keeps caches of pieces, so it is not shared. */
export function createPieceCounter({ ranks, pattern }: Encoding): (text: string) => number {
  const splitter = new RegExp(pattern, 'gu');
  const cache = createSteadyCache<number>(mostCached);
  const scanner = createWordScanner(countCached);

  function countPiece(piece: string): number {
    const bytes = toBytes(piece);
    return ranks.has(bytes) ? 1 : countMerged(bytes, ranks);
  }

  function countCached(piece: string): number {
    let count = cache.get(piece);
    if (count === undefined) {
      count = countPiece(piece);
      if (piece.length <= longestCached) cache.offer(ownCopy(piece), count);
    }
    return count;
  }

  return (text) => countText(text, splitter, scanner, countCached);
}

function countText(
  text: string,
  splitter: RegExp,
  scanner: WordScanner,
  countPiece: (piece: string) => number,
): number {
  let tokens = 0;
  // Pieces follow each other without gaps, so their ends say all; match objects would cost time.
  for (let start = 0; start < text.length;) {
    if (isLoneSign(text, start)) {
      tokens += 1;
      start += 1;
    } else if (scanner.scan(text, start)) {
      tokens += scanner.tokens;
      start = scanner.end;
    } else {
      splitter.lastIndex = start;
      if (!splitter.test(text)) break;
      const end = splitter.lastIndex;
      tokens += countPiece(text.slice(start, end));
      start = end;
    }
  }
  return tokens;
}

/**
 * Whether a piece of one byte, which is a token in every encoding, begins at `start`: an ASCII sign before a
 * space, or a line end before an ASCII letter.
 */
function isLoneSign(text: string, start: number): boolean {
  const code = text.charCodeAt(start);
  if (code === 0x0a) {
    const next = text.charCodeAt(start + 1) | 0x20;
    return next >= 0x61 && next <= 0x7a;
  }
  if (code <= 0x20 || code > 0x7e || text.charCodeAt(start + 1) !== 0x20) return false;
  return code < 0x30 || (code > 0x39 && code < 0x41) || (code > 0x5a && code < 0x61) || code > 0x7a;
}

/** From 13 characters on, V8 cuts a string out of a document as a view that keeps the whole document in memory. */
function ownCopy(piece: string): string {
  return piece.length > 12 ? Buffer.from(piece, 'utf16le').toString('utf16le') : piece;
}
