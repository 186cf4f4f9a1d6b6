import type { Tokenizer } from '@memagent/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleTokenizers } from './sample-tokenizers.ts';
import { createTokenMeter } from './token-meter.ts';

const piece = fc.oneof(
  fc.constantFrom(
    ' ',
    '\n',
    '\n\n',
    '. ',
    ', ',
    '  ',
    '“',
    '”',
    '. . . ',
    '...',
    ' ...',
    '12345',
    'Document 7:\n',
  ),
  fc.constantFrom('word', ' word', 'Ahab’s', 'naïve ', '好的，', 'слово', 'e\u0301', '😀', '\ud800', "it's"),
  fc.string({ unit: 'binary', maxLength: 5 }),
);

describe.each(Object.entries(sampleTokenizers))('a meter of %s', (_name, create) => {
  it('counts what the tokenizer counts at once, at every step', async () => {
    const tokenizer = await create();
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), piece, piece, (pieces, before, after) => {
        const meter = createTokenMeter(tokenizer, { before, after });
        let text = before;
        for (const next of pieces) {
          expect(meter.tokens(next)).toBe(tokenizer.count(text + next + after));
          meter.add(next);
          text += next;
          expect(meter.tokens()).toBe(tokenizer.count(text + after));
        }
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});

it('does not cut where a tokenizer without parts counts otherwise', () => {
  const tokenizer: Tokenizer = {
    name: 'joins',
    exact: true,
    // Every "a b" is one token, every other character one.
    count: (text) => text.replaceAll('a b', '#').length,
    countPrompt: () => 0,
  };
  const meter = createTokenMeter(tokenizer);
  const text = 'a b c a b a b';
  for (const character of text) meter.add(character);
  expect(meter.tokens()).toBe(tokenizer.count(text));
});

it('counts a text without seams without holding all of it', () => {
  let longest = 0;
  const count = (text: string): number => {
    longest = Math.max(longest, text.length);
    return text.length;
  };
  const weigh = (text: string) => ({ base: count(text) });
  const tokenizer = {
    name: 'characters',
    exact: true,
    count,
    countPrompt: () => 0,
    parts: { weigh, tokens: ({ base }) => base },
  } satisfies Tokenizer;
  const meter = createTokenMeter(tokenizer);
  for (let round = 0; round < 100; round++) meter.add('-'.repeat(1_000));
  expect(meter.tokens()).toBe(100_000);
  expect(longest).toBeLessThan(25_000);
});
