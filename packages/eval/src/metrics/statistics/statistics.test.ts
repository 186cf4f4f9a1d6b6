import { describe, expect, test } from 'vitest';
import { meanInterval } from './mean-interval.ts';
import { pairedBootstrap } from './paired-bootstrap.ts';
import { quantile } from './quantile.ts';
import { wilsonInterval } from './wilson-interval.ts';

describe('wilsonInterval', () => {
  // Newcombe 1998, table I, method 3 (Wilson without correction), to four places.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    [20, 20, 0.8389, 1],
    [0, 0, 0, 1],
  ])('%d of %d: %d to %d', (successes, n, low, high) => {
    const interval = wilsonInterval(successes, n);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  test.each([
    [0.5, 2],
    [3, 2],
    [-1, 2],
    [Number.NaN, 2],
  ])('refuses %d of %d', (successes, n) => {
    expect(() => wilsonInterval(successes, n)).toThrow('whole numbers');
  });
});

describe('meanInterval', () => {
  test('is Wilson’s for scores of 0 and 1', () => {
    expect(meanInterval([1, 0, 1], { seed: 1 })).toEqual(wilsonInterval(2, 3));
    expect(meanInterval([], { seed: 1 })).toEqual({ low: 0, high: 1 });
  });

  test('is near the normal interval for many fractions, and the same for the same seed', () => {
    const scores = Array.from({ length: 400 }, (_, index) => (index % 5) / 4);
    // Mean 0.5, standard deviation sqrt(0.125): 1.96 standard errors are 0.0346.
    const interval = meanInterval(scores, { seed: 7, resamples: 4000 });
    expect(interval.low).toBeCloseTo(0.5 - 0.0346, 2);
    expect(interval.high).toBeCloseTo(0.5 + 0.0346, 2);
    expect(meanInterval(scores, { seed: 7, resamples: 4000 })).toEqual(interval);
    expect(meanInterval(scores, { seed: 8, resamples: 4000 })).not.toEqual(interval);
  });
});

describe('pairedBootstrap', () => {
  test('sees a small difference that hard and easy questions would hide', () => {
    const a = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? 0.1 : 0.9));
    const b = a.map((score, index) => score + (index % 4 === 0 ? 0 : 0.04));
    const { difference, low, high, pValue } = pairedBootstrap(a, b, { seed: 3, resamples: 2000 });
    expect(difference).toBeCloseTo(0.03, 12);
    expect(low).toBeGreaterThan(0.02);
    expect(high).toBeLessThan(0.04);
    expect(pValue).toBeCloseTo(2 / 2001, 12);
  });

  test('finds none between equals', () => {
    const { difference, pValue } = pairedBootstrap([0, 1, 1], [1, 0, 1], { seed: 3, resamples: 500 });
    expect(difference).toBe(0);
    expect(pValue).toBe(1);
  });

  test('refuses scores on different questions, or on none', () => {
    expect(() => pairedBootstrap([1], [1, 2], { seed: 1 })).toThrow('same questions, got 1 and 2');
    expect(() => pairedBootstrap([], [], { seed: 1 })).toThrow('0 values');
  });
});

test.each([
  [[1, 2, 3, 4], 0.5, 2.5],
  [[1, 2, 3, 4], 0, 1],
  [[1, 2, 3, 4], 1, 4],
  [[5], 0.3, 5],
])('quantile of %j at %d is %d', (sorted, q, value) => {
  expect(quantile(sorted, q)).toBe(value);
});
