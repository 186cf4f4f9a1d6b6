/** One tokenizer of each kind, for tests: counts exactly, learns, counts by parts, and does not. */
import {
  createEstimateTokenizer,
  createHuggingFaceTokenizer,
  createTiktokenTokenizer,
  type Tokenizer,
} from '@memagent/core';
import { join } from 'node:path';

const fixtures = join(import.meta.dirname, '../../../core/src/tokenizer/fixtures');

export const sampleTokenizers: Readonly<Record<string, () => Promise<Tokenizer>>> = {
  o200k_base: () => createTiktokenTokenizer('o200k_base'),
  estimate: () => createEstimateTokenizer(),
  'byte-level tokenizer.json': () => createHuggingFaceTokenizer({ tokenizer: join(fixtures, 'byte-level') }),
  // Puts a space before every text and splits no words: its parts do not add up.
  'SentencePiece tokenizer.json': () =>
    createHuggingFaceTokenizer({ tokenizer: join(fixtures, 'sentencepiece') }),
};
