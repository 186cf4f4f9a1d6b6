import { describe, expect, it } from 'vitest';
import { compareLengths, formatLength, lengthOf } from './length.ts';

describe('lengthOf', () => {
  it.each([
    ['the target, not the tokens that fitted into it', 8170, { length: 8192 }, '8K'],
    ['paragraphs before tokens', 7100, { paragraphs: 1600, length: 8192 }, '1,600 paragraphs'],
    ['a power of two where there was no target', 5000, {}, '≤ 8K'],
    ['itself where it is a power of two', 4096, {}, '≤ 4K'],
    ['not a length in words of a data set', 9000, { length: 6500 }, '≤ 16K'],
    ['not a length in letters of a data set', 9000, { length: 'short' }, '≤ 16K'],
    ['characters where tokens were not counted', 0, { length: 900, characters: 60_000 }, '≤ 64K characters'],
    ['millions', 3_670_000, { length: 3.5 * 2 ** 20 }, '3.5M'],
    ['nothing where nothing is known', 0, {}, '–'],
  ])('is %s', (_name, tokens, meta, expected) => {
    expect(formatLength(lengthOf({ tokens, meta }))).toBe(expected);
  });
});

it('sorts lengths unit by unit, what is not known last', () => {
  const lengths = [
    undefined,
    lengthOf({ tokens: 1, meta: { length: 32_768 } }),
    lengthOf({ tokens: 1, meta: { paragraphs: 50 } }),
    lengthOf({ tokens: 1, meta: { length: 8192 } }),
  ];
  expect(lengths.toSorted(compareLengths).map(formatLength)).toEqual(['50 paragraphs', '8K', '32K', '–']);
});
