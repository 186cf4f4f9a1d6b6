import type { Metric } from './metric.ts';
import { requireAnswers } from './require-answers.ts';
import { containsReference } from './ruler-prediction.ts';

/** RULER's `string_match_part`: 1 if the prediction contains any of the references, case-insensitive. */
export const stringMatchPart: Metric = (input) => {
  const answers = requireAnswers('string-match-part', input);
  return answers.some((answer) => containsReference(input.prediction, answer)) ? 1 : 0;
};
