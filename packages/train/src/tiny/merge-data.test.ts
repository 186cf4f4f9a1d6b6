import { expect, test } from 'vitest';
import { actionLoss } from '../algorithm/action-loss.ts';
import type { Datum } from '../backend/backend.ts';
import { mergeData } from './merge-data.ts';
import type { TinyObservation } from './sample-batch.ts';

const base = { observation: [4, 5], actions: [6], logprobs: [-1] };

test('equal data of one sign become one, with the sum of scales and the mean of advantages', () => {
  const merged = mergeData([
    { ...base, scale: 0.1, advantage: 0.5 },
    { ...base, scale: 0.1, advantage: -1 },
    { ...base, scale: 0.3, advantage: 0.25 },
    { ...base, actions: [7], scale: 0.1, advantage: 0.5 },
    { ...base, temperature: 0.5, scale: 0.1, advantage: 0.5 },
  ]);
  expect(merged).toHaveLength(4);
  expect(merged[0]).toMatchObject({ count: 2, actions: [6] });
  expect(merged[0]?.scale).toBeCloseTo(0.4);
  expect(merged[0]?.advantage).toBeCloseTo(0.3125);
  expect(merged[1]).toMatchObject({ count: 1, advantage: -1 });
});

test('the loss and its gradient are those of the data that were given', () => {
  const advantages = [0.5, 0.25, 0, -0.75, -0.125, 0.375];
  const data: Datum<TinyObservation>[] = advantages.map((advantage, index) => ({
    ...base,
    advantage,
    scale: 0.1 + 0.05 * index,
  }));
  const merged = mergeData(data);
  expect(merged).toHaveLength(3);
  for (const logprob of [-2, -1.1, -0.9, -0.2]) {
    const sum = (all: readonly Datum<TinyObservation>[], part: 'loss' | 'gradient'): number =>
      all.reduce((total, { advantage, scale }) => {
        const action = { logprob, oldLogprob: -1, referenceLogprob: -1.5, advantage, scale };
        const loss = { kind: 'clipped-surrogate', clipLow: 0.2, clipHigh: 0.28, klWeight: 0.1 } as const;
        return total + actionLoss(action, loss)[part];
      }, 0);
    expect(sum(merged, 'loss')).toBeCloseTo(sum(data, 'loss'), 10);
    expect(sum(merged, 'gradient')).toBeCloseTo(sum(data, 'gradient'), 10);
  }
});
