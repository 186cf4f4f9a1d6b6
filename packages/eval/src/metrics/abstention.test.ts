import { describe } from 'vitest';
import { abstention } from './abstention.ts';
import { testScores } from './scores.contract.ts';

const abstaining = [
  '',
  'The document does not say.',
  "The document doesn't explicitly mention it.",
  'You didn’t tell me.',
  'This is not mentioned. You spoke of your niece, but not of your uncle.',
  'It cannot be determined from the text.',
  "I don't know.",
  'There is no information about that in the conversation.',
  'Not enough information',
  'Unanswerable',
  'It is unknown.',
  'The information provided is not enough. You spoke of the fence, not of the cows.',
  'N/A',
  'I was unable to find an answer.',
];
const answering = [
  'Paris',
  'Not Paris, Rome',
  'The text does not say it outright, but it was Paris.',
  'It is not mentioned at first. However, it was Paris.',
  'He said: no.',
  'Nobody knew him',
  'unknown or unexplored territory',
];

describe('abstention', () => {
  testScores(abstention, [
    ...abstaining.map((words) => [words, [], 1] as [string, string[], number]),
    ...answering.map((words) => [words, [], 0] as [string, string[], number]),
    ['Paris', [], 1, { found: false }],
    ['It is not mentioned.', ['You did not mention it'], 1, { unanswerable: true }],
    // Abstaining where there is an answer is wrong; answering is right, whatever the answer.
    ['It is not mentioned.', ['Paris'], 0],
    ['Rome', ['Paris'], 1],
    ['Rome', ['Paris'], 0, { found: false }],
  ]);
});
