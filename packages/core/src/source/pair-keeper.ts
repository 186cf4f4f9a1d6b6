/** Takes text piece by piece and gives it back so that no surrogate pair is cut between two pieces. */
export interface PairKeeper {
  push(piece: string): string;
  /** What was held back when no more pieces come. */
  end(): string;
}

/**
 * Holds a high surrogate at the end of a piece back until the next one. Halves that never meet become U+FFFD,
 * as they do in UTF-8: what comes out has the same length in UTF-16 as the text that is kept on disk.
 */
export function createPairKeeper(): PairKeeper {
  let held = '';
  return {
    push(piece) {
      const text = held + piece;
      const isCut = (text.charCodeAt(text.length - 1) & 0xfc00) === 0xd800;
      held = isCut ? text.slice(-1) : '';
      return (isCut ? text.slice(0, -1) : text).toWellFormed();
    },
    end() {
      const rest = held.toWellFormed();
      held = '';
      return rest;
    },
  };
}
