import tokens from 'gpt-tokenizer/bpeRanks/p50k_base';
import { type Encoding, indexRanks } from './encoding.ts';
import { r50kPattern } from './patterns.ts';

export const p50kBase: Encoding = Object.freeze({ ranks: indexRanks(tokens), pattern: r50kPattern });
