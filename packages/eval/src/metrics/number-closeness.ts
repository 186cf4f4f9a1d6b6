import { MemagentError } from '@memagent/core';
import { boxedAnswer } from './boxed-answer.ts';
import type { Metric } from './metric.ts';
import { numbersIn } from './numbers-in.ts';
import { requireAnswers } from './require-answers.ts';

const cue = /\banswer\b(?:\s+is)?\s*[:=]?/gi;

/**
 * OOLONG's score for numbers (arXiv 2511.02817): 0.75^|error|, so 1 for the right number, 0.75 for one beside
 * it, and next to nothing for one far off; the best over all right answers. 0 for a prediction without a number.
 * The number that counts is the first one in the box or after the last `answer is` or `Answer:`, otherwise the
 * last one, where a chain of reasoning ends.
 */
export const numberCloseness: Metric = (input) => {
  const answers = requireAnswers('number-closeness', input).map(toNumber);
  const given = statedNumber(input.prediction);
  if (given === undefined) return 0;
  return Math.max(...answers.map((answer) => 0.75 ** Math.abs(answer - given)));
};

function statedNumber(prediction: string): number | undefined {
  const boxed = boxedAnswer(prediction);
  if (boxed !== undefined) return numbersIn(boxed)[0];
  const lastCue = [...prediction.matchAll(cue)].at(-1);
  const stated = lastCue && numbersIn(prediction.slice(lastCue.index + lastCue[0].length))[0];
  return stated ?? numbersIn(prediction).at(-1);
}

function toNumber(answer: string): number {
  const [number, ...more] = numbersIn(answer);
  if (number !== undefined && more.length === 0) return number;
  throw new MemagentError(
    `number-closeness compares numbers, and the right answer is ${JSON.stringify(answer)}. Give the item one number as its answer, or score it with another metric.`,
    { code: 'invalid-option', data: { metric: 'number-closeness', answer } },
  );
}
