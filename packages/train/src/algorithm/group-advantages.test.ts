import { expect, test } from 'vitest';
import { groupAdvantages, hasSignal } from './group-advantages.ts';

test('are rewards less their mean', () => {
  expect(groupAdvantages([1, 0, 0, 1], { stdDivision: false })).toEqual([0.5, -0.5, -0.5, 0.5]);
  expect(groupAdvantages([1, 0, 0, 0], { stdDivision: false })).toEqual([0.75, -0.25, -0.25, -0.25]);
});

test('are divided by the standard deviation on request', () => {
  // Mean 0.25, squares 0.5625 + 3 * 0.0625 = 0.75, over 3: 0.25, root 0.5.
  const [first, second] = groupAdvantages([1, 0, 0, 0], { stdDivision: true });
  expect(first).toBeCloseTo(1.5, 4);
  expect(second).toBeCloseTo(-0.5, 4);
});

test('are zero in a group of equal rewards, also with division', () => {
  for (const stdDivision of [false, true]) {
    expect(groupAdvantages([0.5, 0.5, 0.5, 0.5], { stdDivision })).toEqual([0, 0, 0, 0]);
  }
});

test('there is a signal where any reward differs', () => {
  expect(hasSignal([1, 1, 1])).toBe(false);
  expect(hasSignal([0, 0, 0])).toBe(false);
  expect(hasSignal([])).toBe(false);
  expect(hasSignal([1, 1, 0.5])).toBe(true);
  // The same sum added in another order.
  expect(hasSignal([0.1 + 0.2, 0.3])).toBe(false);
});
