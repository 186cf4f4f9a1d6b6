import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { actionScales, type Aggregation } from './action-scales.ts';

/** Three rollouts with 2, 1 and 3 conversations: 4, 6 and 5 actions, 15 in all. */
const actions = [[1, 3], [6], [2, 2, 1]];

test('token-mean: every action weighs the same', () => {
  expect(actionScales(actions, 'token-mean')).toEqual([[1 / 15, 1 / 15], [1 / 15], [1 / 15, 1 / 15, 1 / 15]]);
});

test('sequence-mean: every rollout weighs the same', () => {
  expect(actionScales(actions, 'sequence-mean')).toEqual([
    [1 / 12, 1 / 12],
    [1 / 18],
    [1 / 15, 1 / 15, 1 / 15],
  ]);
});

test('conversation-mean: every conversation weighs the same', () => {
  expect(actionScales(actions, 'conversation-mean')).toEqual([
    [1 / 6, 1 / 18],
    [1 / 36],
    [1 / 12, 1 / 12, 1 / 6],
  ]);
});

test('what has no actions counts for nothing, neither as a conversation nor as a rollout', () => {
  expect(actionScales([[0, 2], [0], []], 'sequence-mean')).toEqual([[0, 1 / 2], [0], []]);
  expect(actionScales([[0, 2], [0], []], 'conversation-mean')).toEqual([[0, 1 / 2], [0], []]);
});

test('the weights of all actions add up to 1, whatever the lengths', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 6 }), { maxLength: 6 }),
      fc.constantFrom<Aggregation>('token-mean', 'sequence-mean', 'conversation-mean'),
      (lengths, aggregation) => {
        fc.pre(lengths.flat().some((length) => length > 0));
        const scales = actionScales(lengths, aggregation);
        const sum = lengths.flatMap((row, i) => row.map((length, j) => length * scales[i]![j]!));
        expect(sum.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
      },
    ),
  );
});
