import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { numbersIn } from '../text/numbers-in.ts';
import { termsOf, wordsIn } from '../text/words.ts';
import { asNumber, prepareEvidence } from './evidence.ts';

const book = readFileSync(new URL('../../../../examples/data/war-and-peace.txt', import.meta.url), 'utf8');

/** The terms and numbers of a text that are not found in the sentence that they stand in. */
function missing(text: string): string[] {
  const { sentences, placesOf } = prepareEvidence(text);
  return [...sentences.entries()].flatMap(([index, { start, end }]) => {
    const sentence = text.slice(start, end);
    const standing = [...wordsIn(sentence).flatMap(termsOf), ...numbersIn(sentence).map(asNumber)];
    return standing.filter((term) => !placesOf(term).includes(index));
  });
}

it('finds every term and number of a book in its sentence', () => {
  expect(missing(book.slice(300_000, 320_000))).toEqual([]);
});

it('finds terms whose word begins otherwise: accents, digits, other scripts', () => {
  const text = 'Émile met Ærø. 007 came 1,234 times. Кутузов ждал. 東京大学の学生。 ÎLE and ’S.';
  expect(missing(text)).toEqual([]);
});

it('finds what stands in any text, and nothing that does not', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      expect(missing(text)).toEqual([]);
      expect(prepareEvidence(text).placesOf('qzzzq')).toEqual([]);
    }),
  );
});
