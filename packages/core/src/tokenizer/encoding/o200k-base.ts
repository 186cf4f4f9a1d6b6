import tokens from 'gpt-tokenizer/bpeRanks/o200k_base';
import { type Encoding, indexRanks } from './encoding.ts';
import { o200kPattern } from './patterns.ts';

export const o200kBase: Encoding = Object.freeze({ ranks: indexRanks(tokens), pattern: o200kPattern });
