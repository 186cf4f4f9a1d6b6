import { describe, expect, test } from 'vitest';
import { stringMatchAll } from './string-match-all.ts';
import { stringMatchPart } from './string-match-part.ts';
import { testScores } from './scores.contract.ts';

describe('string-match-all', () => {
  testScores(stringMatchAll, [
    ['The numbers are 123 and 456.', ['123', '456', '789', '012'], 0.5],
    ['ALPHA', ['alpha'], 1],
    ['alphabet', ['alpha'], 1],
    // A reference listed twice counts twice.
    ['one', ['one', 'one', 'two'], 2 / 3],
    ['one one one', ['one', 'two'], 0.5],
    ['', ['one'], 0],
    ['anything', [''], 1],
    ['1,234', ['1234'], 0],
    // Tabs become line ends in the prediction, not in the reference.
    ['a\tb', ['a\nb', 'a\tb'], 0.5],
    [' x ', [' x'], 0],
  ]);
});

describe('string-match-part', () => {
  testScores(stringMatchPart, [
    ['It was Paris, France', ['London', 'paris'], 1],
    ['It was Rome', ['London', 'Paris'], 0],
    ['Parisian', ['Paris'], 1],
    ['', ['Paris'], 0],
    ['straße', ['STRASSE'], 0],
  ]);
});

test.each([
  ['string-match-all', stringMatchAll],
  ['string-match-part', stringMatchPart],
])('%s refuses an item without answers', (name, metric) => {
  expect(() => metric({ prediction: 'x', answers: [] })).toThrow(`${name} compares with right answers`);
});
