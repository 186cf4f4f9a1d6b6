import { MemagentError } from '@memagent/core';
import type { Paragraph, PooledQuestion } from './question-set.ts';

/** Answers of more words are sentences or lists; finding one in a paragraph by chance tells nothing. */
const mostWords = 5;

/**
 * The paragraphs of a pool that may stand around a question: not its own, and where the answer is short, none
 * that holds an answer as whole words. Yes and no are in half of all paragraphs and are no reason to leave one out.
 */
export function distractorsFor(question: PooledQuestion, pool: readonly Paragraph[]): Paragraph[] {
  const own = new Set([...question.supporting, ...question.distractors].map(({ text }) => text));
  const answers = answerPattern(question.answers);
  const others = pool.filter(
    ({ title, text }) => !own.has(text) && !(answers && (answers.test(text) || answers.test(title))),
  );
  if (others.length > 0) return others;
  throw new MemagentError(
    `Cannot put paragraphs around question ${question.id}: none of ${pool.length} in the pool is free of its answer. Give a larger pool.`,
    { code: 'invalid-option', data: { question: question.id, pool: pool.length } },
  );
}

function answerPattern(answers: readonly string[]): RegExp | undefined {
  const short = answers
    .map((answer) => answer.trim())
    .filter(
      (answer) => answer !== '' && !/^(?:yes|no)$/i.test(answer) && answer.split(/\s+/).length <= mostWords,
    );
  if (short.length === 0) return undefined;
  const alternatives = short.map((answer) => answer.split(/\s+/).map(escapePattern).join('\\s+'));
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives.join('|')})(?![\\p{L}\\p{N}])`, 'iu');
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
