import type { Metric } from './metric.ts';
import { requireAnswers } from './require-answers.ts';
import { containsReference } from './ruler-prediction.ts';

/**
 * RULER's `string_match_all`: the fraction of the references that the prediction contains, case-insensitive. A
 * reference that is listed twice counts twice. From 0 to 1, where RULER gives percent.
 */
export const stringMatchAll: Metric = (input) => {
  const answers = requireAnswers('string-match-all', input);
  return answers.filter((answer) => containsReference(input.prediction, answer)).length / answers.length;
};
