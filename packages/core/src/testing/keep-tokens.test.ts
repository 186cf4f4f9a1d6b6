import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { keepTokens } from './keep-tokens.ts';

/** One token per started four bytes of UTF-8, so that tokens and characters differ. */
const tokenizer: Pick<Tokenizer, 'count'> = { count: (text) => Math.ceil(Buffer.byteLength(text) / 4) };

it.each(['start', 'end'] as const)(
  'keeps as much of the %s as fits, and no half of a surrogate pair',
  (side) => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(12), (text, maxTokens) => {
        const kept = keepTokens(text, maxTokens, tokenizer as Tokenizer, side);
        expect(side === 'start' ? text.startsWith(kept) : text.endsWith(kept)).toBe(true);
        expect(tokenizer.count(kept)).toBeLessThanOrEqual(maxTokens);
        expect(kept.isWellFormed()).toBe(text.isWellFormed());
        const more = keepTokens(text, maxTokens + 4, tokenizer as Tokenizer, side);
        expect(kept === text || more.length > kept.length).toBe(true);
      }),
    );
  },
);
