import { expect, test } from 'vitest';
import type { Json } from '../json.ts';
import { isAbsent, normalizeValue, wordsOfValue } from './normalize-value.ts';
import { compareValues, isSameRecord } from './same-record.ts';

test.each<[string, Json, Json, boolean]>([
  ['case, accents, space and punctuation', ' Zoë  HÓLM. ', 'zoe holm', true],
  ['composed and decomposed letters', 'Skövde', 'Sko\u0308vde', true],
  ['the order of a list', ['b', 'A'], ['a', 'B'], true],
  ['the order of keys, and what is absent', { a: 1, b: 'x', c: null }, { b: 'X', a: 1 }, true],
  ['a number and its text', 1874, '1874', true],
  ['another number', 1874, 1875, false],
  ['another word', 'Ada', 'Ida', false],
  ['other signs, where there are only signs', '+', '-', false],
  ['true and false', true, false, false],
])('%s', (_name, a, b, same) => {
  expect(normalizeValue(a) === normalizeValue(b)).toBe(same);
});

test('vowel signs are no accents', () => {
  expect(normalizeValue('कि')).not.toBe(normalizeValue('का'));
});

test('what is absent', () => {
  expect([undefined, null, '', ' ', []].every(isAbsent)).toBe(true);
  expect([0, false, 'x', {}, [null]].some(isAbsent)).toBe(false);
});

test('words are found in lists and objects', () => {
  expect(wordsOfValue({ name: 'Ada Holm', years: [1874, null], open: true })).toEqual([
    'ada',
    'holm',
    '1874',
    'true',
  ]);
});

test.each<[string, Json, Json, number, number]>([
  ['a slip of the pen', 'Margarethe', 'Margarete', 0.8, 0.9],
  ['another name', 'Margarethe', 'Charlotte', 0, 0.5],
  ['other numbers in a text', 'Pier 17, north', 'Pier 18, north', 0, 0],
  ['numbers', 1874, 1875, 0, 0],
  ['one letter', 'a', 'b', 0, 0],
])('%s is so much alike', (_name, a, b, least, most) => {
  const alike = compareValues(a, b);
  expect(alike).toBeGreaterThanOrEqual(least);
  expect(alike).toBeLessThanOrEqual(most);
  expect(compareValues(b, a)).toBe(alike);
});

const ada = {
  name: [{ value: 'Ada Margarethe Holm' }],
  year: [{ value: 1874 }],
  place: [{ value: 'Skagen' }],
};
const noah = { ...ada, name: [{ value: 'Noah Lind' }, { value: 'Ada Margarethe Holm' }] };

test.each([
  ['the same', { name: 'ada margarethe holm', year: 1874, place: 'Skagen' }, ada, true],
  ['a name that is nearly the same', { name: 'Ada Margarete Holm', year: 1874, place: 'Skagen' }, ada, true],
  ['one of several values', { name: 'Ada Margarethe Holm', year: 1874, place: 'Skagen' }, noah, true],
  ['more than half of the fields', { name: 'Ada Margarethe Holm', year: 1874 }, ada, true],
  ['less than half of the fields', { name: 'Ada Margarethe Holm' }, ada, false],
  ['another number', { name: 'Ada Margarethe Holm', year: 1875, place: 'Skagen' }, ada, false],
  ['another place', { name: 'Ada Margarethe Holm', year: 1874, place: 'Bergen' }, ada, false],
  ['nothing', {}, ada, false],
])('%s: one record or two', (_name, mention, known, same) => {
  expect(isSameRecord(mention, known, 0.9)).toBe(same);
});

test('by a similarity of 1 only spelling may differ', () => {
  expect(isSameRecord({ name: 'Ada Margarete Holm', year: 1874, place: 'Skagen' }, ada, 1)).toBe(false);
  expect(isSameRecord({ name: 'ADA Margarethe Hólm', year: 1874, place: 'skagen' }, ada, 1)).toBe(true);
});
