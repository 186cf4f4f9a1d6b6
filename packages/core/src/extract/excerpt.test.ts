import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Section } from '../section/section.ts';
import { byteTokenizer } from '../tokenizer/byte-tokenizer.ts';
import { endOfText } from './end-of-text.ts';
import { type Excerpt, excerptOf, joinExcerpts, sliceExcerpt, stretchAt } from './excerpt.ts';

const sources = ['The first source, of some length.', 'The second one.'];

/** A section of the rest of the first source, a line between, and the beginning of the second. */
const header = '--- from b ---\n';
const section: Section = {
  number: 1,
  tokens: 0,
  text: sources[0]!.slice(10) + header + sources[1]!.slice(0, 8),
  spans: [
    { source: 0, start: 10, end: 33, byteStart: 0, byteEnd: 0, textStart: 0, pages: [{ page: 2, start: 0 }] },
    { source: 1, start: 0, end: 8, byteStart: 0, byteEnd: 0, textStart: 23 + header.length },
  ],
};

/** Each stretch says where its text stands. */
function expectTrue({ text, stretches }: Excerpt): void {
  for (const { source, start, end, textStart } of stretches) {
    expect(text.slice(textStart, textStart + end - start)).toBe(sources[source]!.slice(start, end));
  }
}

test('cut anywhere and put together again, an excerpt is what it was', () => {
  const whole = excerptOf(section);
  fc.assert(
    fc.property(fc.nat({ max: whole.text.length }), fc.nat({ max: whole.text.length }), (a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const parts = [sliceExcerpt(whole, 0, from), sliceExcerpt(whole, from, to), sliceExcerpt(whole, to)];
      for (const part of parts) expectTrue(part);
      const joined = parts.reduce(joinExcerpts);
      expect(joined.text).toBe(whole.text);
      expect(joined.stretches.map(({ pages: _pages, ...rest }) => rest)).toEqual(
        whole.stretches.map(({ pages: _pages, ...rest }) => rest),
      );
    }),
  );
});

test('a span that is not in one source has no place', () => {
  const whole = excerptOf(section);
  expect(stretchAt(whole, { start: 2, end: 9 })).toMatchObject({ source: 0, start: 10 });
  expect(stretchAt(whole, { start: 20, end: 26 })).toBeUndefined();
  expect(stretchAt(whole, { start: 24, end: 28 })).toBeUndefined();
});

test('the end of a text is within its tokens, and begins with a word where there are any', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.nat({ max: 60 }), (text, most) => {
      const start = endOfText(text, most, byteTokenizer);
      expect(byteTokenizer.count(text.slice(start))).toBeLessThanOrEqual(most);
      expect(text.slice(start)).not.toMatch(/^[\uDC00-\uDFFF]/);
    }),
  );
  const text = 'One two three four.\nFive six seven eight nine ten.';
  expect(text.slice(endOfText(text, 12, byteTokenizer))).toBe('nine ten.');
  expect(text.slice(endOfText(text, 33, byteTokenizer))).toBe('Five six seven eight nine ten.');
  expect(endOfText(text, 1000, byteTokenizer)).toBe(0);
});
