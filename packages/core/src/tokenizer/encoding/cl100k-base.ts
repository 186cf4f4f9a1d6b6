import tokens from 'gpt-tokenizer/bpeRanks/cl100k_base';
import { type Encoding, indexRanks } from './encoding.ts';
import { cl100kPattern } from './patterns.ts';

export const cl100kBase: Encoding = Object.freeze({ ranks: indexRanks(tokens), pattern: cl100kPattern });
