/**
 * Percentile bootstrap (Efron): the values are drawn again, with replacement, and what the statistic does over
 * the draws is its uncertainty. Seeded: the same values and seed give the same interval everywhere.
 */
import { MemagentError } from '@memagent/core';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export interface BootstrapOptions {
  seed: number;
  /** How often the values are drawn again. Default: 10,000. */
  resamples?: number;
}

/** Means of the resampled values, sorted. */
export function resampleMeans(
  values: readonly number[],
  { seed, resamples = 10_000 }: BootstrapOptions,
): Float64Array {
  const n = values.length;
  if (n === 0 || resamples < 1) {
    throw new MemagentError(
      `A bootstrap needs values and resamples, got ${n} values and ${resamples} resamples. Leave out groups without a question.`,
      { code: 'invalid-option', data: { values: n, resamples } },
    );
  }
  const random = xoroshiro128plus(seed);
  return Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let draw = 0; draw < n; draw += 1) sum += values[uniformInt(random, 0, n - 1)] ?? 0;
    return sum / n;
  }).toSorted();
}
