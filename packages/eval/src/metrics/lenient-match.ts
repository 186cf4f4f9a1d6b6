import { boxedAnswer } from './boxed-answer.ts';
import { comparableTokens } from './comparable-tokens.ts';
import type { Metric } from './metric.ts';
import { requireAnswers } from './require-answers.ts';

/**
 * The lenient form, after MemAgent's evaluation (`sub_em`), made safe: 1 if a right answer stands in the
 * prediction (or in its box, where it has one) as whole normalised words in a row. MemAgent compares characters,
 * and both ways, so that `the` or `o` gets full marks for any answer; here the prediction is never searched for
 * in the answer. A right answer of `yes` or `no` must be the first clause of the prediction (`No, she …`) or its
 * last word (`The answer is no.`): "there is no such …" says neither. A run that found nothing scores 0, and so
 * does an answer that gives a rejected value, be it beside the right one.
 */
export const lenientMatch: Metric = (input) => {
  const answers = requireAnswers('lenient-match', input);
  if (input.found === false) return 0;
  const given = boxedAnswer(input.prediction) ?? input.prediction;
  const gives = (value: string): boolean => contains(given, comparableTokens(value));
  return answers.some(gives) && !input.rejected?.some(gives) ? 1 : 0;
};

function contains(prediction: string, answer: readonly string[]): boolean {
  const wanted = answer.join(' ');
  if (wanted === 'yes' || wanted === 'no') return verdict(prediction) === wanted;
  return wanted !== '' && ` ${comparableTokens(prediction).join(' ')} `.includes(` ${wanted} `);
}

/** The yes or no of a prediction; undefined when it says neither, or one at its beginning and the other at its end. */
function verdict(prediction: string): string | undefined {
  const text = prediction.toLowerCase();
  const first = /^\W*(yes|no)(?!['’-]\w)(?=\s*(?:$|[^\w\s]))/.exec(text)?.[1];
  const last = /\b(yes|no)\W*$/.exec(text)?.[1];
  return first === undefined || last === undefined || first === last ? (first ?? last) : undefined;
}
