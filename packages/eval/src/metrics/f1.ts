import type { Metric } from './metric.ts';
import { hasNoAnswer, scoreNoAnswer } from './no-answer.ts';
import { answerTokens } from './normalize-answer.ts';

/**
 * SQuAD's F1 over the words of prediction and answer after normalisation, the best over all right answers
 * (v1.1, where two empty texts share no word and give 0); without a right answer, 1 for abstaining (v2.0).
 */
export const f1: Metric = (input) => {
  if (hasNoAnswer(input)) return scoreNoAnswer(input);
  const prediction = answerTokens(input.prediction);
  return Math.max(...input.answers.map((answer) => tokenF1(prediction, answerTokens(answer))));
};

function tokenF1(prediction: readonly string[], answer: readonly string[]): number {
  const same = countCommon(prediction, answer);
  if (same === 0) return 0;
  const precision = same / prediction.length;
  const recall = same / answer.length;
  return (2 * precision * recall) / (precision + recall);
}

/** Words that both have, each as often as the one that has it less often. */
function countCommon(a: readonly string[], b: readonly string[]): number {
  const left = new Map<string, number>();
  for (const token of a) left.set(token, (left.get(token) ?? 0) + 1);
  let common = 0;
  for (const token of b) {
    const count = left.get(token) ?? 0;
    if (count === 0) continue;
    left.set(token, count - 1);
    common += 1;
  }
  return common;
}
