import { removeMarks, type RunResult, type StoredEvent } from '@memagent/core';
import type { MetricName } from './metric.ts';

/**
 * What a metric should see of a run's answer: the words without section marks, which would count as words and
 * numbers. Metrics leave marks alone, as the reference scorers would.
 */
export function predictionOf({ answer }: Pick<RunResult, 'answer'>): string {
  return removeMarks(answer).trim();
}

/**
 * What the metric `name` should see of a run: the strict one the model's own last reply, since the box around the
 * answer is not in the result any more; the others the answer.
 */
export function predictionFor(
  name: MetricName,
  result: Pick<RunResult, 'answer'>,
  events: readonly StoredEvent[],
): string {
  if (name !== 'strict-exact-match') return predictionOf(result);
  const last = events.findLast((event) => event.type === 'call-end');
  return last?.type === 'call-end' ? last.reply : '';
}
