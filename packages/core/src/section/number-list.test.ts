import { expect, test } from 'vitest';
import { createNumberList } from './number-list.ts';

test('gives back what was pushed, across blocks, and nothing else', () => {
  const list = createNumberList();
  const numbers = Array.from({ length: 10_000 }, (_, index) => index * 1_000_003);
  for (const number of numbers) list.push(number);
  expect(list).toHaveLength(numbers.length);
  expect(numbers.map((_, index) => list.at(index))).toEqual(numbers);
  expect(() => list.at(numbers.length)).toThrow(RangeError);
});
