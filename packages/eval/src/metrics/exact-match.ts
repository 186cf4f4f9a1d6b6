import type { Metric } from './metric.ts';
import { hasNoAnswer, scoreNoAnswer } from './no-answer.ts';
import { normalizeAnswer } from './normalize-answer.ts';

/**
 * SQuAD's exact match: 1 if the prediction equals any right answer after normalisation (v1.1); without a right
 * answer, 1 for abstaining (v2.0).
 */
export const exactMatch: Metric = (input) => {
  if (hasNoAnswer(input)) return scoreNoAnswer(input);
  const prediction = normalizeAnswer(input.prediction);
  return input.answers.some((answer) => normalizeAnswer(answer) === prediction) ? 1 : 0;
};
