import { describe, expect, test } from 'vitest';
import { multipleChoice } from './multiple-choice.ts';
import { testScores } from './scores.contract.ts';

const choices = {
  A: 'A red house',
  B: 'The dark red house',
  C: 'Because she no longer cares about the house',
  D: '2,413',
};

describe('multiple-choice, with the choices', () => {
  testScores(
    multipleChoice,
    [
      ['B', 1],
      ['b', 1],
      [' (B). ', 1],
      ['B.', 1],
      ['**B**', 1],
      ['(B) The dark red house', 1],
      ['B) whatever follows', 1],
      ['B: whatever follows', 1],
      ['B\nbecause it is dark', 1],
      ['The correct answer is (B).', 1],
      ['The correct answer is B because A is wrong', 1],
      ['**Answer: B**', 1],
      ['Answer: (B) The dark red house', 1],
      ['Option B is correct.', 1],
      ['At first the answer is A, but no: the answer is B', 1],
      ['\\boxed{B}', 1],
      ['\\boxed{\\text{B}}', 1],
      ['the dark red house', 1],
      ['It is the dark red house on the hill.', 1],
      ['She says (B) in the end', 1],
      // Nothing taken, or another, or two.
      ['', 0],
      ['A', 0],
      ['Because she no longer cares about the house', 0],
      ['ABBA', 0],
      ['Both', 0],
      ['Bob is right', 0],
      ['(A) or (B)', 0],
      ['A and B', 0],
      ['The answer is A and B', 0],
      ['The answer is a house', 0],
      ['E', 0],
      ['The answer is E', 0],
      ['2,413 or the dark red house', 0],
    ].map(([prediction, score]) => [
      String(prediction),
      ['B', 'The dark red house'],
      Number(score),
      { choices },
    ]),
  );

  testScores(multipleChoice, [
    ['A because it is red', ['A'], 1, { choices }],
    ['The answer is A because it is red', ['A'], 1, { choices }],
    ['Answer: A dark red house', ['A'], 0, { choices }],
    ['A red house', ['A'], 1, { choices }],
    ['2413', ['D'], 1, { choices }],
    ['NO', ['B'], 1, { choices: { A: 'Yes', B: 'No' } }],
  ]);
});

describe('multiple-choice, with the choices in the question', () => {
  testScores(multipleChoice, [
    ['C', ['C'], 1],
    ['The answer is C.', ['C'], 1],
    ['The answer is C and I am sure', ['C'], 1],
    // Several right: all of them and no other.
    ['AB', ['AB'], 1],
    ['A, B', ['AB'], 1],
    ['B and A', ['AB'], 1],
    ['The correct answers are A and B.', ['AB'], 1],
    ['A', ['AB'], 0],
    ['ABC', ['AB'], 0],
    // QuALITY
    ['(D)', ['(D) Because the Tr’en do not infer it'], 1],
    ['because the Tr’en do not infer it', ['(D) Because the Tr’en do not infer it'], 1],
    ['(C)', ['(D) Because the Tr’en do not infer it'], 0],
  ]);

  test.each(['True', 'USA', ''])('refuses %j, which is no choice', (answer) => {
    expect(() => multipleChoice({ prediction: 'B', answers: [answer] })).toThrow(JSON.stringify(answer));
  });
});
