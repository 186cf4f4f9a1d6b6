import { expect, it } from 'vitest';
import { distractorsFor } from './distractors-for.ts';

const paragraph = (text: string, title = '') => ({ title, text });
const pool = [
  paragraph('He lives in Kent.'),
  paragraph('A Kentish man. No, not he.'),
  paragraph('Nothing here.', 'Kent'),
  paragraph('A cat (C++) sat on the mat, as cats do when it rains.'),
  paragraph('own'),
];

function others(...answers: string[]): number[] {
  const question = { id: 'q', question: '?', answers, supporting: [paragraph('own')], distractors: [] };
  return distractorsFor(question, pool).map((one) => pool.indexOf(one));
}

it.each([
  ['its own paragraph', ['London'], [0, 1, 2, 3]],
  ['those with an answer as a whole word, in text or title, in any case', ['kent'], [1, 3]],
  ['those with any of the answers, whatever signs it has', ['kent', 'c++'], [1]],
  ['an answer over a line end', ['man. \n No'], [0, 2, 3]],
  ['none for yes and no', ['no'], [0, 1, 2, 3]],
  ['none for a long answer', ['a cat sat on the mat'], [0, 1, 2, 3]],
  ['none for an empty answer', [''], [0, 1, 2, 3]],
])('leaves out %s', (_name, answers, left) => {
  expect(others(...answers)).toEqual(left);
});

it('refuses a pool of which nothing is left', () => {
  const question = {
    id: 'q',
    question: '?',
    answers: ['a'],
    supporting: [paragraph('own')],
    distractors: [],
  };
  expect(() => distractorsFor(question, [paragraph('a')])).toThrow('none of 1 in the pool');
});
