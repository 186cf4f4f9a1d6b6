import type { MetricInput } from './metric.ts';
import { normalizeAnswer } from './normalize-answer.ts';

/** Whether SQuAD v2.0's convention for questions without an answer applies. */
export function hasNoAnswer({ answers, unanswerable = false }: MetricInput): boolean {
  return unanswerable || answers.length === 0;
}

/**
 * SQuAD v2.0's score where there is no answer: 1 for a prediction that is empty after normalisation, otherwise
 * 0. Its systems abstain with an empty prediction; ours also by `found: false`, whatever the words.
 */
export function scoreNoAnswer({ prediction, found }: MetricInput): number {
  return found === false || normalizeAnswer(prediction) === '' ? 1 : 0;
}
