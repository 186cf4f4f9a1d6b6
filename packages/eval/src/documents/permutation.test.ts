import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPermutation } from './permutation.ts';
import { createRandom } from './random.ts';

describe('createPermutation', () => {
  it('gives each number once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000 }), fc.string(), (size, key) => {
        const permute = createPermutation(size, createRandom(key));
        const seen = new Set(Array.from({ length: size }, (_, index) => permute(index)));
        expect(seen.size).toBe(size);
        expect(Math.min(...seen)).toBe(0);
        expect(Math.max(...seen)).toBe(size - 1);
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  it('puts every number at every place about equally often', () => {
    const size = 20;
    const rounds = 4_000;
    const counts = Array.from({ length: size }, () => 0);
    for (let round = 0; round < rounds; round++) {
      const value = createPermutation(size, createRandom(`round ${round}`))(7);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    const expected = rounds / size;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 19 degrees of freedom: above 43.8 once in a thousand times.
    expect(chiSquare).toBeLessThan(43.8);
  });
});
