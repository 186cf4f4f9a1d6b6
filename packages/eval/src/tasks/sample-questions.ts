/** A made-up question set in the form of the real ones, for tests. */
import type { Paragraph, QuestionSet } from '../documents/question-set.ts';
import { createRandom } from '../documents/random.ts';

const words =
  'river market winter garden letter council harbour music stone teacher northern early built'.split(' ');

/** 20 questions of two supporting paragraphs and three misleading ones; a tenth of the pool holds an answer. */
export const sampleQuestions: QuestionSet = createQuestions();

function createQuestions(): QuestionSet {
  const random = createRandom('sample questions');
  const sentence = (): string => {
    const chosen = Array.from({ length: random.between(6, 16) }, () => random.pick(words));
    return `The ${chosen.join(' ')}.`;
  };
  const paragraph = (title: string, fact = ''): Paragraph => ({
    title,
    text: [...Array.from({ length: random.between(2, 6) }, sentence), fact].join(' ').trim(),
  });
  const questions = Array.from({ length: 20 }, (_, number) => ({
    id: `sample-${number}`,
    question: `In which year did the founder of House ${number} die?`,
    answers: [String(1800 + number)],
    supporting: [
      paragraph(`House ${number}`, `House ${number} was founded by Founder ${number}.`),
      paragraph(`Founder ${number}`, `Founder ${number} died in ${1800 + number}.`),
    ],
    distractors: [0, 1, 2].map((other) => paragraph(`Bluff ${number}-${other}`)),
  }));
  const pool = Array.from({ length: 200 }, (_, number) =>
    paragraph(`Pool ${number}`, number % 10 === 0 ? `All this was in ${1800 + (number % 20)}.` : ''),
  );
  return { questions, pool };
}
