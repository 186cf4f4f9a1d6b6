import { MemagentError } from '@memagent/core';
import { type BootstrapOptions, resampleMeans } from './bootstrap.ts';
import type { Interval } from './interval.ts';
import { quantile } from './quantile.ts';

export interface PairedDifference extends Interval {
  /** Mean of b less mean of a; `low` and `high` are its 95% interval. */
  difference: number;
  /** Two-sided: how likely so great a difference would be if there were none. At least 2 / (resamples + 1). */
  pValue: number;
}

/**
 * Compares two systems on the same questions: `a[i]` and `b[i]` are their scores on question i. Pairs are drawn
 * together, so that hard and easy questions cancel out, which two separate intervals do not show.
 */
export function pairedBootstrap(
  a: readonly number[],
  b: readonly number[],
  options: BootstrapOptions,
): PairedDifference {
  if (a.length !== b.length) {
    throw new MemagentError(
      `pairedBootstrap compares scores on the same questions, got ${a.length} and ${b.length} of them. Keep those that both have.`,
      { code: 'invalid-option', data: { a: a.length, b: b.length } },
    );
  }
  const differences = b.map((score, index) => score - (a[index] ?? 0));
  const means = resampleMeans(differences, options);
  const below = means.filter((mean) => mean <= 0).length;
  const above = means.filter((mean) => mean >= 0).length;
  return {
    difference: differences.reduce((sum, one) => sum + one, 0) / differences.length,
    low: quantile(means, 0.025),
    high: quantile(means, 0.975),
    pValue: Math.min(1, (2 * (Math.min(below, above) + 1)) / (means.length + 1)),
  };
}
