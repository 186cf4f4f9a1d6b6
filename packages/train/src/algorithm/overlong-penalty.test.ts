import { expect, test } from 'vitest';
import { overlongPenalty } from './overlong-penalty.ts';

const ramp = { maxActions: 100, rampActions: 20 };

test.each([
  [0, 0],
  [80, 0],
  [85, -0.25],
  [90, -0.5],
  [100, -1],
  [400, -1],
])('%d actions cost %d', (actions, penalty) => {
  expect(overlongPenalty([actions], ramp)).toBeCloseTo(penalty, 12);
});

test('a rollout pays the mean of its conversations', () => {
  expect(overlongPenalty([10, 90, 400, 10], ramp)).toBeCloseTo(-0.375, 12);
  expect(overlongPenalty([], ramp)).toBe(0);
});
