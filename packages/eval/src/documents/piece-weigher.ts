/**
 * Weighs a text piece by piece, so that the tokens of a document are known without holding it.
 *
 * Most tokenizers say how (`parts`). The others treat the beginning of a text in a way of their own
 * (SentencePiece puts a space before it), so a piece from the middle is counted behind a letter, and what the
 * letter costs is taken off. That this adds up is checked at every cut.
 */
import type { Tokenizer, Weight } from '@memagent/core';

export interface PieceWeigher {
  /** `isFirst`: the piece begins the text. */
  weigh(piece: string, isFirst: boolean): Weight;
  tokens(weight: Weight): number;
  /** Whether two pieces that follow each other weigh together what they weigh apart. */
  addsUp(left: string, right: string, isFirst: boolean): boolean;
}

/** Stands before a piece from the middle of a text, as a letter stands before every seam. */
const anchor = 'a';

/** A weigher for any tokenizer. */
export function createPieceWeigher(tokenizer: Tokenizer): PieceWeigher {
  const { parts } = tokenizer;
  if (parts) return { ...parts, addsUp: () => true };
  const anchorTokens = tokenizer.count(anchor);
  const count = (piece: string, isFirst: boolean): number =>
    isFirst ? tokenizer.count(piece) : tokenizer.count(anchor + piece) - anchorTokens;
  return {
    weigh: (piece, isFirst) => ({ base: count(piece, isFirst) }),
    tokens: ({ base }) => base,
    addsUp: (left, right, isFirst) =>
      count(left + right, isFirst) === count(left, isFirst) + count(right, false),
  };
}
