import { MemagentError } from '@memagent/core';
import type { Interval } from './interval.ts';

/** The 97.5% quantile of the normal distribution, for intervals of 95%. */
const z95 = 1.959963984540054;

/**
 * Wilson's score interval for a share of right answers (95% unless another `z` is given). Sound for few
 * questions and for shares of 0 and 1, where the textbook interval has no width. 0 to 1 for n = 0.
 */
export function wilsonInterval(successes: number, n: number, z: number = z95): Interval {
  if (!(Number.isInteger(successes) && Number.isInteger(n) && successes >= 0 && successes <= n)) {
    throw new MemagentError(
      `wilsonInterval takes whole numbers 0 <= successes <= n, got ${successes} of ${n}. For means of fractions use meanInterval.`,
      { code: 'invalid-option', data: { successes, n } },
    );
  }
  if (n === 0) return { low: 0, high: 1 };
  const share = successes / n;
  const shrink = 1 + z ** 2 / n;
  const middle = (share + z ** 2 / (2 * n)) / shrink;
  const half = (z * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2))) / shrink;
  // Rounding may leave the ends a hair beside the share where it is 0 or 1.
  return {
    low: successes === 0 ? 0 : Math.max(0, middle - half),
    high: successes === n ? 1 : Math.min(1, middle + half),
  };
}
