import { describe, expect, it } from 'vitest';
import { fitLine } from './linear-fit.ts';

describe('fitLine', () => {
  it('finds a line that the points lie on', () => {
    const fit = fitLine([8192, 32_768, 1_048_576, 3_670_016].map((x) => [x, 2000 + 1.4 * x] as const));
    expect(fit?.intercept).toBeCloseTo(2000, 3);
    expect(fit?.slope).toBeCloseTo(1.4, 9);
    expect(fit?.worst).toBeCloseTo(0, 9);
  });

  it('minimises relative errors: worked out by hand for y = b x with b = 1, 1 and 2', () => {
    // With u = 1/y and v = x/y the points are (1, 1), (1/2, 1) and (1/8, 1/2); the normal equations
    // 1.265625 a + 1.5625 b = 1.625 and 1.5625 a + 2.25 b = 2.5 have a = -0.615385, b = 1.538462.
    const fit = fitLine([
      [1, 1],
      [2, 2],
      [4, 8],
    ]);
    expect(fit?.intercept).toBeCloseTo(-8 / 13, 9);
    expect(fit?.slope).toBeCloseTo(20 / 13, 9);
    expect(fit?.worst).toBeCloseTo(Math.abs((-8 / 13 + 80 / 13) / 8 - 1), 9);
  });

  it('needs three lengths, for two points always lie on a line', () => {
    expect(
      fitLine([
        [1, 1],
        [2, 2],
        [2, 3],
      ]),
    ).toBeUndefined();
    expect(
      fitLine([
        [1, 1],
        [2, 2],
        [3, 0],
      ]),
    ).toBeUndefined();
  });
});
