import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createQuoteLocator } from './locate-quote.ts';

const text =
  'The “King of Prussia” — so he was called —\n  left Bald\u00AD Hills in 1807.\nIn 187 of 1874 cases, 7 left.';
const found = (quote: string): string[] =>
  createQuoteLocator(text)(quote).map(({ start, end }) => text.slice(start, end));

test.each([
  ['as it stands', 'Bald\u00AD Hills', ['Bald\u00AD Hills']],
  ['in another case', 'the "KING of prussia"', ['The “King of Prussia”']],
  [
    'with other dashes, quotation marks and line ends',
    '"King of Prussia" - so he was called - left',
    ['“King of Prussia” — so he was called —\n  left'],
  ],
  ['with more around it', '"...so he was called."', ['so he was called']],
  ['without the soft hyphen', 'bald hills in 1807', ['Bald\u00AD Hills in 1807']],
  ['in several places', 'left', ['left', 'left']],
  ['as a number, not as a part of one', '187', ['187']],
  ['as a digit of its own', '7', ['7']],
  ['not at all', 'Queen of Prussia', []],
  ['without a word', ' ... ', []],
  ['without anything', '', []],
])('finds a quotation %s', (_name, quote, places) => {
  expect(found(quote)).toEqual(places);
});

test('finds words in scripts without spaces', () => {
  const chinese = '一八一二年，库图佐夫指挥了俄国军队。';
  const [place] = createQuoteLocator(chinese)('库图佐夫');
  expect(chinese.slice(place?.start, place?.end)).toBe('库图佐夫');
});

test('finds what stands there, where it stands, whatever is done to its case and space', () => {
  const word = fc.stringMatching(/^[a-zäßé]{1,6}$/);
  const space = fc.constantFrom(' ', '\n', '  ', ' \t', '\u00A0');
  fc.assert(
    fc.property(
      fc.array(fc.tuple(word, space), { minLength: 3, maxLength: 30 }),
      fc.nat(),
      fc.nat(),
      (parts, a, b) => {
        const whole = parts.map(([name, gap]) => name + gap).join('');
        const from = a % parts.length;
        const some = parts.slice(from, from + 1 + (b % (parts.length - from)));
        const quote = some.map(([name]) => name.toUpperCase()).join(' ');
        // ß is written SS in capitals: not the same letters any more.
        fc.pre(!quote.includes('SS'));
        const start = parts.slice(0, from).reduce((sum, [name, gap]) => sum + name.length + gap.length, 0);
        expect(createQuoteLocator(whole)(quote).map((place) => place.start)).toContain(start);
      },
    ),
  );
});

test('a word that stands everywhere is looked for in so many places only', () => {
  expect(createQuoteLocator('rain '.repeat(5000))('rain')).toHaveLength(100);
});
