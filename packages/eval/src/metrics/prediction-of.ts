import { removeMarks, type RunResult } from '@memagent/core';

/**
 * What a metric should see of a run's answer: the words without section marks, which would count as words and
 * numbers. Metrics leave marks alone, as the reference scorers would.
 */
export function predictionOf({ answer }: Pick<RunResult, 'answer'>): string {
  return removeMarks(answer).trim();
}
