/** Counts the tokens of a growing text exactly, in memory that does not grow with it. */
import { addWeights, lastSeam, noWeight, type Tokenizer, type Weight } from '@memagent/core';
import { createPieceWeigher } from './piece-weigher.ts';

/** Words around a document that count with it. */
export interface Frame {
  before: string;
  after: string;
}

export interface TokenMeter {
  add(text: string): void;
  /** Tokens of all that was added, of `more` after it, and of the frame: what the tokenizer counts at once. */
  tokens(more?: string): number;
}

/** Text without any seam is cut here, in UTF-16 units, as it may then cost a token more or less than shown. */
const longestTail = 20_000;

/** Pieces whose weight is remembered: more than a repeated book has sentences. */
const mostRemembered = 16_384;

/** A meter that begins with the frame alone. */
export function createTokenMeter(tokenizer: Tokenizer, frame: Frame = { before: '', after: '' }): TokenMeter {
  const weigher = createPieceWeigher(tokenizer);
  const known = new Map<string, Weight>();
  let repeats = 0;
  let remembers = true;
  let settled: Weight = noWeight;
  let isFirst = true;
  let tail = '';

  function weigh(piece: string): Weight {
    const remembered = known.get(piece);
    if (remembered) {
      repeats++;
      return remembered;
    }
    const weight = weigher.weigh(piece, isFirst);
    if (remembers && !isFirst) remember(piece, weight);
    return weight;
  }

  /** Gives up on a text that hardly repeats itself: keeping its pieces would only make work for the collector. */
  function remember(piece: string, weight: Weight): void {
    if (known.size >= mostRemembered) {
      remembers = repeats >= known.size;
      known.clear();
      repeats = 0;
    }
    if (remembers) known.set(piece, weight);
  }

  function settle(end: number): void {
    settled = addWeights(settled, weigh(tail.slice(0, end)));
    isFirst = false;
    tail = tail.slice(end);
  }

  function add(text: string): void {
    tail += text;
    const end = lastSeam(tail);
    if (end !== undefined && weigher.addsUp(tail.slice(0, end), tail.slice(end), isFirst)) settle(end);
    else if (tail.length > longestTail) settle(tail.length);
  }

  add(frame.before);
  return {
    add,
    tokens: (more = '') =>
      weigher.tokens(addWeights(settled, weigher.weigh(tail + more + frame.after, isFirst))),
  };
}
