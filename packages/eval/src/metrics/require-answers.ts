import { MemagentError } from '@memagent/core';
import type { MetricInput, MetricName } from './metric.ts';

/** The right answers; throws `invalid-option` when there are none, rather than score the item 0 in silence. */
export function requireAnswers(metric: MetricName, { answers }: MetricInput): readonly string[] {
  if (answers.length > 0) return answers;
  throw new MemagentError(
    `${metric} compares with right answers, and the item has none. Give it answers, or score it with abstention.`,
    { code: 'invalid-option', data: { metric } },
  );
}
