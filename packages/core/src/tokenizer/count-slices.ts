/**
 * Counts long texts in slices: the Hugging Face library passes a text's tokens on as the arguments of one call,
 * and the stack holds only so many. A slice ends at a seam, where the counts on both sides add up to the count of
 * the whole. Some tokenizers treat the beginning of a text in a way of their own (SentencePiece puts a space
 * before it); with these a later slice is counted behind a letter, as a letter stands before every seam, what the
 * letter costs is taken off, and that it adds up is tried on what stands around the seam.
 */
import { wholeEnd } from '../section/natural-end.ts';
import { lastSeam } from './seam.ts';

export interface SliceOptions {
  /** Whether words always begin anew at a seam, see `splitsAtSeams`. */
  splits: boolean;
  /** In UTF-16 units. */
  longestSlice?: number;
}

const anchor = 'a';

/** Seams that are tried before a slice is cut where its length ends. */
const mostTries = 32;

/** What stands around a seam, in UTF-16 units on either side. */
const around = 48;

/**
 * Makes the function that counts by `tokenize`, as it would count the whole text at once. Text that has no seam
 * for half a slice is cut within a word, and may count a token more or less there.
 */
export function createSliceCounter(
  tokenize: (text: string) => readonly unknown[],
  { splits, longestSlice = 50_000 }: SliceOptions,
): (text: string) => number {
  const anchorTokens = tokenize(anchor).length;
  const count = (text: string, isFirst: boolean): number =>
    isFirst || splits ? tokenize(text).length : tokenize(anchor + text).length - anchorTokens;

  function addsUp(text: string, index: number): boolean {
    if (splits) return true;
    const left = text.slice(wholeEnd(text, index - around), index);
    const right = text.slice(index, wholeEnd(text, index + around));
    return count(left + right, false) === count(left, false) + count(right, false);
  }

  function sliceEnd(text: string, start: number): number {
    let end = start + longestSlice;
    for (let tries = 0; tries < mostTries; tries++) {
      const seam = lastSeam(text, start + longestSlice / 2, end);
      if (seam === undefined) break;
      if (addsUp(text, seam)) return seam;
      end = seam - 1;
    }
    return wholeEnd(text, start + longestSlice);
  }

  return (text) => {
    let tokens = 0;
    let start = 0;
    while (text.length - start > longestSlice) {
      const end = sliceEnd(text, start);
      tokens += count(text.slice(start, end), start === 0);
      start = end;
    }
    return tokens + count(text.slice(start), start === 0);
  };
}
