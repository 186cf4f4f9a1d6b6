import { MemagentError } from '@memagent/core';
import { boxedAnswer } from './boxed-answer.ts';
import { chosenLetters, type Choices } from './chosen-letters.ts';
import type { Metric, MetricInput } from './metric.ts';
import { normalizeAnswer } from './normalize-answer.ts';
import { requireAnswers } from './require-answers.ts';

/** What may be chosen where the item does not list its choices (L-Eval keeps them in the question); `I` is a word. */
const anyLetter = [...'ABCDEFGH'];

/**
 * Multiple choice: 1 if the reply takes the right choice. Right answers are a letter, `(B) text` (QuALITY), the
 * text of a choice, or several letters (`AB`, L-Eval's coursera), of which all and no other must be taken, without
 * L-Eval's part marks. Replies are understood as LongBench v2's (`The correct answer is (B)`), `B`, `B.`,
 * `(B) text`, or the text itself; see `chosenLetters`. A reply that takes no choice, or several, scores 0.
 */
export const multipleChoice: Metric = (input) => {
  const answers = requireAnswers('multiple-choice', input);
  const choices = choicesOf(input);
  const taken = chosenLetters(boxedAnswer(input.prediction) ?? input.prediction, choices).join('');
  return taken !== '' && answers.some((answer) => rightLetters(answer, choices) === taken) ? 1 : 0;
};

function choicesOf({ choices, answers }: MetricInput): Choices {
  if (choices) return new Map(Object.entries(choices).map(([letter, text]) => [letter.toUpperCase(), text]));
  const texts = new Map(anyLetter.map((letter) => [letter, '']));
  for (const answer of answers) {
    const { letter, text } = /^\((?<letter>[A-H])\)\s*(?<text>.*)$/s.exec(answer.trim())?.groups ?? {};
    if (letter !== undefined) texts.set(letter, text ?? '');
  }
  return texts;
}

/** The letters of a right answer, in alphabetical order. */
function rightLetters(answer: string, choices: Choices): string {
  const text = answer.trim();
  const byText = [...choices].find(([, choice]) => choice !== '' && choice.trim() === text);
  if (byText) return byText[0];
  const letters = /^\(?([A-Z](?:[\s,]*[A-Z])*)\)?$/.exec(text)?.[1] ?? /^\(([A-Z])\)/.exec(text)?.[1];
  const right = [...new Set(letters?.replaceAll(/[\s,]/g, ''))].toSorted();
  if (right.length > 0 && right.every((letter) => choices.has(letter))) return right.join('');
  const normalized = normalizeAnswer(text);
  const meant = [...choices].find(
    ([, choice]) => normalized !== '' && normalizeAnswer(choice) === normalized,
  );
  if (meant) return meant[0];
  throw new MemagentError(
    `multiple-choice needs a letter or the text of a choice as right answer, and got ${JSON.stringify(answer)}. Give the item its choices, or score it with another metric.`,
    { code: 'invalid-option', data: { metric: 'multiple-choice', answer } },
  );
}
