import { type BootstrapOptions, resampleMeans } from './bootstrap.ts';
import type { Interval } from './interval.ts';
import { quantile } from './quantile.ts';
import { wilsonInterval } from './wilson-interval.ts';

/**
 * The 95% interval of a mean score. Wilson's where every score is 0 or 1; otherwise, for scores that are
 * fractions, the percentile bootstrap's, which is somewhat too narrow for fewer than some 20 questions and has no
 * width where all scores are equal. 0 to 1 for no scores.
 */
export function meanInterval(scores: readonly number[], options: BootstrapOptions): Interval {
  if (scores.every((score) => score === 0 || score === 1)) {
    return wilsonInterval(scores.filter((score) => score === 1).length, scores.length);
  }
  const means = resampleMeans(scores, options);
  return { low: quantile(means, 0.025), high: quantile(means, 0.975) };
}
