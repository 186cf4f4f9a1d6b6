import { addUsage, noUsage, type Usage } from '@memagent/core';
import { quantile } from './statistics/quantile.ts';

export interface UsagePerQuestion {
  /** Questions that the means are over. */
  questions: number;
  /** Means per question. `cost` is absent unless every question has one: a partial mean would be too low. */
  mean: Usage;
  /** Time from question to answer, in milliseconds. */
  elapsedMs: { mean: number; median: number; p95: number };
}

/**
 * What a question costs: tokens, calls, money and time. Undefined for no questions. Hand in failed ones too,
 * with what they used: they were paid for.
 */
export function usagePerQuestion(
  runs: readonly { usage: Usage; elapsedMs: number }[],
): UsagePerQuestion | undefined {
  if (runs.length === 0) return undefined;
  const { cost, ...sum } = runs.map(({ usage }) => usage).reduce(addUsage, noUsage);
  const mean = (total: number): number => total / runs.length;
  const times = runs.map(({ elapsedMs }) => elapsedMs).toSorted((a, b) => a - b);
  return {
    questions: runs.length,
    mean: {
      promptTokens: mean(sum.promptTokens),
      completionTokens: mean(sum.completionTokens),
      cachedTokens: mean(sum.cachedTokens),
      reasoningTokens: mean(sum.reasoningTokens),
      calls: mean(sum.calls),
      retries: mean(sum.retries),
      ...(cost !== undefined && runs.every(({ usage }) => usage.cost !== undefined) && { cost: mean(cost) }),
    },
    elapsedMs: {
      mean: mean(times.reduce((a, b) => a + b, 0)),
      median: quantile(times, 0.5),
      p95: quantile(times, 0.95),
    },
  };
}
