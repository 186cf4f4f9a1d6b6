import { expect, test } from 'vitest';
import { learningRateFactor } from './learning-rate.ts';

const over = (kind: 'constant' | 'linear' | 'cosine', warmUpSteps: number, endFactor = 0): number[] =>
  Array.from({ length: 5 }, (_, index) => learningRateFactor(index + 1, 5, { kind, warmUpSteps, endFactor }));

test('rises over the first batches, then stands, falls in a line, or along a cosine', () => {
  expect(over('constant', 2)).toEqual([0.5, 1, 1, 1, 1]);
  expect(over('linear', 0)).toEqual([1, 0.75, 0.5, 0.25, 0]);
  expect(over('linear', 2, 0.5)).toEqual([0.5, 1, 1, 0.75, 0.5]);
  const cosine = over('cosine', 0, 0.2);
  expect(cosine[0]).toBe(1);
  expect(cosine[2]).toBeCloseTo(0.6, 12);
  expect(cosine[4]).toBeCloseTo(0.2, 12);
});

test('holds for a phase of one batch', () => {
  expect(learningRateFactor(1, 1, { kind: 'linear', warmUpSteps: 0, endFactor: 0 })).toBe(1);
});
