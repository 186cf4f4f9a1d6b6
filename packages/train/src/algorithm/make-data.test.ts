import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Conversation, Group, Rollout, Sample } from '../glossary.ts';
import { actionLoss } from './action-loss.ts';
import { makeData } from './make-data.ts';
import { miniBatches } from './mini-batches.ts';
import { scoreGroup } from './scored-group.ts';

const sample = { id: 's' } as Sample;

/** A rollout with conversations of so many actions; the last is the answer. */
function rollout(task: number, ...actions: number[]): Rollout<string> {
  const conversations = actions.map((count, index): Conversation<string> => ({
    step: `update/${index + 1}`,
    observation: `seen ${index}`,
    actions: Array.from({ length: count }, (_, at) => at),
    logprobs: Array.from({ length: count }, () => -1),
    isAnswer: index === actions.length - 1,
  }));
  return { conversations, reward: { task, shaped: {}, penalties: {} }, answer: '', memory: '' };
}

const group = (...rollouts: Rollout<string>[]): Group<string> => ({ sample, rollouts, policyVersion: 0 });
const options = { aggregation: 'token-mean', advantageOn: 'all', temperature: 0.7 } as const;

/** Two groups: 3 conversations against 1, and 2 against 2. */
const groups = [
  scoreGroup(group(rollout(1, 2, 3, 1), rollout(0, 4)), { stdDivision: false }),
  scoreGroup(group(rollout(0.5, 5, 1), rollout(0, 2, 2)), { stdDivision: false }),
];

test('every conversation gets its rollout\u2019s advantage, whatever their number', () => {
  const data = makeData(groups, options);
  expect(data.map(({ advantage }) => advantage)).toEqual([0.5, 0.5, 0.5, -0.5, 0.25, 0.25, -0.25, -0.25]);
  // N = 2 + 3 + 1 + 4 + 5 + 1 + 2 + 2.
  expect(data.map(({ scale }) => scale)).toEqual(Array.from({ length: 8 }, () => 1 / 20));
  expect(data[0]).toMatchObject({
    observation: 'seen 0',
    actions: [0, 1],
    logprobs: [-1, -1],
    temperature: 0.7,
  });
});

test('penalties and shaped rewards count before the mean of the group is taken', () => {
  const late = rollout(1, 2);
  late.reward = { task: 1, shaped: { length: 0.1 }, penalties: { overlong: -0.5 } };
  expect(scoreGroup(group(late, rollout(0, 2)), { stdDivision: false }).advantages).toEqual([
    expect.closeTo(0.3, 12),
    expect.closeTo(-0.3, 12),
  ]);
});

test('the advantage on the answer alone leaves the other conversations out, and out of N', () => {
  const data = makeData(groups, { ...options, advantageOn: 'answer' });
  expect(data.map(({ actions, advantage, scale }) => [actions.length, advantage, scale])).toEqual([
    [1, 0.5, 1 / 8],
    [4, -0.5, 1 / 8],
    [1, 0.25, 1 / 8],
    [2, -0.25, 1 / 8],
  ]);
});

test('conversations without actions are left out', () => {
  const scored = scoreGroup(group(rollout(1, 0, 2), rollout(0, 2)), { stdDivision: false });
  expect(makeData([scored], options).map(({ scale }) => scale)).toEqual([1 / 4, 1 / 4]);
});

test('mini-batches are counted in questions', () => {
  expect(miniBatches([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(miniBatches([], 2)).toEqual([]);
});

/** The paper's objective as it is written down: sums over rollouts, conversations and tokens, divided once by N. */
function objective(batch: readonly Group<string>[], logprob: number): number {
  let sum = 0;
  let tokens = 0;
  for (const { rollouts } of batch) {
    const mean = rollouts.reduce((total, { reward }) => total + reward.task, 0) / rollouts.length;
    for (const { reward, conversations } of rollouts) {
      const advantage = reward.task - mean;
      for (const { logprobs } of conversations) {
        for (const old of logprobs) {
          const ratio = Math.exp(logprob - old);
          sum += Math.min(ratio * advantage, Math.min(Math.max(ratio, 0.8), 1.28) * advantage);
          tokens += 1;
        }
      }
    }
  }
  return sum / tokens;
}

test('the losses of the data add up to the paper\u2019s objective, for any numbers of conversations', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 });
  const anyRollout = fc
    .tuple(fc.constantFrom(0, 0.5, 1), lengths)
    .map(([task, actions]) => rollout(task, ...actions));
  const anyGroup = fc.array(anyRollout, { minLength: 2, maxLength: 5 }).map((rollouts) => group(...rollouts));
  const shift = fc.double({ min: -1, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(anyGroup, { minLength: 1, maxLength: 4 }), shift, (some, change) => {
      const data = makeData(
        some.map((one) => scoreGroup(one, { stdDivision: false })),
        options,
      );
      const loss = data.flatMap((datum) =>
        datum.logprobs.map(
          (oldLogprob) =>
            actionLoss(
              { logprob: -1 + change, oldLogprob, advantage: datum.advantage, scale: datum.scale },
              { kind: 'clipped-surrogate', clipLow: 0.2, clipHigh: 0.28, klWeight: 0 },
            ).loss,
        ),
      );
      expect(loss.reduce((a, b) => a + b, 0)).toBeCloseTo(-objective(some, -1 + change), 10);
    }),
  );
});
