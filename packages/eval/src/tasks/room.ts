/** How long a document may become, and how that is counted. */
import type { Tokenizer } from '@memagent/core';
import { createPieceWeigher, type PieceWeigher } from '../documents/piece-weigher.ts';
import { createTokenMeter, type Frame, type TokenMeter } from '../documents/token-meter.ts';

export interface Room {
  limit: { tokens: number } | { units: number };
  /** A fresh meter; `limit.tokens` is by its count. */
  createMeter(): TokenMeter;
  /** For guesses, by the same tokenizer. */
  weigher: PieceWeigher;
}

export interface RoomOptions {
  tokens?: number | undefined;
  paragraphs?: number | undefined;
  rulerLength?: boolean | undefined;
  tokenizer: Tokenizer;
  outputTokens: number;
  frame: Frame;
}

/**
 * Plain lengths are those of the document. RULER's are those of the whole prompt and the output; the words of
 * the prompt are our own, so that a document differs from RULER's by as much as they do, some tens of tokens.
 */
export function createRoom({ tokens, paragraphs, rulerLength, ...options }: RoomOptions): Room {
  const { tokenizer, outputTokens, frame } = options;
  const weigher = createPieceWeigher(tokenizer);
  if (tokens === undefined || !rulerLength) {
    const limit = tokens === undefined ? { units: paragraphs ?? 0 } : { tokens };
    return { limit, createMeter: () => createTokenMeter(tokenizer), weigher };
  }
  return {
    limit: { tokens: tokens - outputTokens },
    createMeter: () => createTokenMeter(tokenizer, frame),
    weigher,
  };
}

/** The words around a document in a prompt that asks for it at once. */
export function frameOf(question: string): Frame {
  return {
    before: 'Read the following text. A question about it comes after it.\n\n',
    after: `\n\nThis is the question about the text above: ${question} Answer with what is asked for and nothing else.\nAnswer:`,
  };
}
