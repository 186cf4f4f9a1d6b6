import { boxedAnswer } from './boxed-answer.ts';
import { comparableTokens } from './comparable-tokens.ts';
import type { Metric } from './metric.ts';
import { requireAnswers } from './require-answers.ts';

/**
 * The strict form, after MemAgent's training verifier: 1 if the last complete `\boxed{…}` of the prediction
 * equals a right answer, otherwise 0, also for the right words without a box. Three differences: words are
 * compared after SQuAD's normalisation, where MemAgent drops LaTeX spacing and all blanks; `\text{…}` in the box
 * is taken off; and the box may stand anywhere, not only in the last 300 characters. The prediction is the model's own reply: the `answer` of
 * a run is unwrapped already and always scores 0 here.
 */
export const strictExactMatch: Metric = (input) => {
  const answers = requireAnswers('strict-exact-match', input);
  const boxed = boxedAnswer(input.prediction);
  if (boxed === undefined) return 0;
  const given = comparableTokens(boxed).join(' ');
  return given !== '' && answers.some((answer) => comparableTokens(answer).join(' ') === given) ? 1 : 0;
};
