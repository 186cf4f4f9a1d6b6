/** The answer without a language model: the sentences of the memory that match the question best, word for word. */
import { removeMarks } from '../citation/marked-sentences.ts';
import { noUsage } from '../model/usage.ts';
import { notFoundPhrase } from '../prompt/not-found.ts';
import { answerRule, chooseAnswer } from '../reader/extractive-answer.ts';
import { parseMemory, renderSentence } from '../reader/extractive-memory.ts';
import { parseQuestion } from '../reader/extractive-question.ts';
import { sentencesOf } from '../reader/extractive-sentence.ts';
import { countTerms, type Statistics } from '../reader/extractive-statistics.ts';
import type { Answer, AnswerInput } from '../reader/reader.ts';
import type { Terms } from '../text/term-cache.ts';

/** `statistics`: how common the question's terms are in what was read. */
export function quoteAnswer(
  { question: asked, memory, passages }: AnswerInput,
  statistics: Statistics,
  terms: Terms,
): Answer {
  const question = parseQuestion(asked, terms);
  const { sentences } = parseMemory({ text: memory.text }, terms);
  const read = passages.flatMap(({ mark, text }) => sentencesOf(text, mark, terms));
  const counted = countTerms(statistics, read, question.terms);
  const { picked, score } = chooseAnswer([...sentences, ...read], question, counted);
  const found = score >= answerRule.leastScore;
  // Numbers in brackets that stand in the document itself would be read as section marks.
  const text = picked.map((one) => renderSentence({ ...one, text: removeMarks(one.text) })).join(' ');
  return { text: found ? text : notFoundPhrase, found, score, usage: { ...noUsage } };
}
