import { expect, test } from 'vitest';
import type { EvidenceQuestionRow } from './evidence-data.ts';
import { answerStands, createAnswerFilter, createMemoryScorer } from './evidence-reward.ts';

const row: EvidenceQuestionRow = {
  id: '1',
  dataSet: 'hotpotqa',
  question: 'Where was the director of Dark Harbour born?',
  answers: ['Graz', 'the city of Graz'],
  paragraphs: [
    { title: 'Dark Harbour', text: 'Dark Harbour is a film by Mira Kessler. It was long.', supporting: true },
    { title: 'Mira Kessler', text: 'Mira Kessler was born in Graz.  She died in Linz.', supporting: true },
    { title: 'Graz (film)', text: 'Another film was made in Graz.', supporting: false },
  ],
};

test.each([
  ['nothing', '', false, 0],
  ['one paragraph', 'Dark Harbour is a film by Mira Kessler. [1]', false, 0.5],
  ['both', 'Dark Harbour is a film by Mira Kessler. [1]\nMira Kessler was born in Graz. [12, 13]', true, 1],
  ['two sentences of one', 'Dark Harbour is a film by Mira Kessler. [1]\nIt was long. [1]', false, 0.5],
  ['the answer in another paragraph', 'Another film was made in Graz. [3]', true, 0],
  ['a part of a word', 'The Grazer came. [3]', false, 0],
  ['a title', 'Dark Harbour [1]\nMira Kessler [1]', false, 0],
  ['a sentence across white space', 'in Graz. She died in Linz. [2]', true, 0.5],
])('scores %s', (_name, memory, answer, recall) => {
  const reward = 0.5 * Number(answer) + 0.5 * recall;
  expect(createMemoryScorer(row)(memory)).toEqual({ answer, recall, reward });
});

test('is the recall alone where the answer is yes or no, or stands in no supporting paragraph', () => {
  const memory = 'Dark Harbour is a film by Mira Kessler. [1]';
  for (const answers of [['yes'], ['No'], ['Vienna']]) {
    expect(answerStands({ ...row, answers })).toBe(false);
    expect(createMemoryScorer({ ...row, answers })(memory)).toEqual({
      answer: undefined,
      recall: 0.5,
      reward: 0.5,
    });
  }
});

test('compares normalised words', () => {
  const holds = createAnswerFilter(['The U.S. Army', 'yes']);
  expect(holds('He joined the US army.')).toBe(true);
  expect(holds('Yes, he joined the US.')).toBe(false);
});
