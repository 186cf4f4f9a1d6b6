import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitCount } from './fit-count.ts';

function guessOf(perUnit: number) {
  return (aim: number) => {
    const count = Math.max(1, Math.floor(aim / perUnit));
    return { count, tokens: count * perUnit, tokensOfNext: (count + 1) * perUnit };
  };
}

it('finds the largest count that fits, also where the guess is off', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 1_000_000 }),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: -20, max: 50 }),
      (limit, perUnit, excess) => {
        const measure = (count: number): number => count * perUnit + excess;
        const count = fitCount({ limit, guess: guessOf(perUnit), measure }) ?? Number.NaN;
        expect(measure(count)).toBeLessThanOrEqual(limit);
        expect(measure(count + 1)).toBeGreaterThan(limit);
      },
    ),
    { seed: 1 },
  );
});

it('measures once where the parts add up', () => {
  let measured = 0;
  const measure = (count: number): number => {
    measured++;
    return count * 7;
  };
  expect(fitCount({ limit: 100, guess: guessOf(7), measure })).toBe(14);
  expect(measured).toBe(1);
});

it('comes close where what is off grows with the count', () => {
  const count = fitCount({ limit: 100_000, guess: guessOf(10), measure: (size) => Math.ceil(size * 10.3) });
  expect(count).toBe(9708);
});

it('gives nothing where even one does not fit', () => {
  expect(fitCount({ limit: 5, guess: guessOf(10), measure: (count) => count * 10 })).toBeUndefined();
});
