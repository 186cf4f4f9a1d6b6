/** What a memory is worth: whether the answer stands in it, and how many supporting paragraphs have a sentence in it. */
import { removeMarks } from '@memagent/core';
import { normalizeAnswer } from '@memagent/eval';
import type { EvidenceQuestionRow } from './evidence-data.ts';

export interface MemoryScore {
  /** An accepted answer stands in the memory as a whole normalised token sequence; undefined where that cannot be asked. */
  answer: boolean | undefined;
  /** Fraction of the supporting paragraphs that have a sentence in the memory. */
  recall: number;
  /** 0.5 answer + 0.5 recall; recall alone where the answer is yes or no, or stands in no supporting paragraph. */
  reward: number;
}

/** Scores memories of a question; what can be made ready once is. */
export function createMemoryScorer(row: EvidenceQuestionRow): (memory: string) => MemoryScore {
  const paragraphOf = supportingParagraphOf(row);
  const supporting = row.paragraphs.filter((one) => one.supporting).length;
  const holdsAnswer = createAnswerFilter(row.answers);
  const isAsked = answerStands(row);
  return (memory) => {
    const lines = memory.split('\n').filter((line) => line.trim() !== '');
    const held = new Set(lines.map(paragraphOf).filter((paragraph) => paragraph !== undefined));
    const recall = held.size / supporting;
    if (!isAsked) return { answer: undefined, recall, reward: recall };
    const answer = holdsAnswer(removeMarks(memory));
    return { answer, recall, reward: 0.5 * Number(answer) + 0.5 * recall };
  };
}

/**
 * The index of the supporting paragraph that a line of a memory is a sentence of. Titles are none: they cost next to
 * nothing and prove nothing, so that a line of fewer than `leastWords` words never counts.
 */
export function supportingParagraphOf({
  paragraphs,
}: EvidenceQuestionRow): (line: string) => number | undefined {
  const supporting = paragraphs.filter((one) => one.supporting);
  const texts = supporting.map(({ text }) => plain(text));
  const titles = new Set(paragraphs.map(({ title }) => plain(title)));
  return (line) => {
    const sentence = plain(line.replace(/ \[\d+(?:, \d+)*\]$/, ''));
    if (sentence.split(' ').length < leastWords || titles.has(sentence)) return undefined;
    const index = texts.findIndex((text) => text.includes(sentence));
    return index === -1 ? undefined : index;
  };
}

const leastWords = 4;

/** Whether the answer can be looked for: it is not yes or no, and stands in a supporting paragraph. */
export function answerStands({ answers, paragraphs }: EvidenceQuestionRow): boolean {
  if (answers.some((answer) => /^(?:yes|no)$/i.test(answer.trim()))) return false;
  const holdsAnswer = createAnswerFilter(answers);
  return paragraphs.some(({ supporting, text }) => supporting && holdsAnswer(text));
}

/** Tells whether a text holds one of the answers as whole normalised words. */
export function createAnswerFilter(answers: readonly string[]): (text: string) => boolean {
  const wanted = answers
    .map((answer) => normalizeAnswer(answer))
    .filter((answer) => answer !== '' && answer !== 'yes' && answer !== 'no');
  return (text) => {
    if (wanted.length === 0) return false;
    const tokens = ` ${normalizeAnswer(text)} `;
    return wanted.some((answer) => tokens.includes(` ${answer} `));
  };
}

function plain(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}
