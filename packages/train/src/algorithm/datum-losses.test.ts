import { expect, test } from 'vitest';
import type { Datum } from '../backend/backend.ts';
import { datumLosses, sumLosses } from './datum-losses.ts';

const loss = { kind: 'clipped-surrogate', clipLow: 0.2, clipHigh: 0.28, klWeight: 0.5 } as const;

test('sums are those of hand-computed actions, the clipped one counted', () => {
  // Ratios 1 and 2: the second is beyond the clip, so that it adds -1.28.
  const datum: Datum<string> = {
    observation: '',
    actions: [3, 4],
    logprobs: [Math.log(0.5), Math.log(0.25)],
    referenceLogprobs: [Math.log(0.5), Math.log(0.5)],
    advantage: 2,
    scale: 0.1,
  };
  const losses = datumLosses(datum, [Math.log(0.5), Math.log(0.5)], loss);
  expect(losses.map(({ isClipped }) => isClipped)).toEqual([false, true]);
  const sums = sumLosses(losses);
  expect(sums).toMatchObject({ actions: 2, clipped: 1, kl: 0 });
  expect(sums.loss).toBeCloseTo(0.1 * (-2 - 1.28 * 2), 12);
  // k3 of log 2: 2 - log 2 - 1.
  expect(sums.drift).toBeCloseTo(1 - Math.log(2), 12);
});

test('nothing adds up to nothing, and a log-probability that is missing is not taken for one', () => {
  expect(sumLosses([])).toEqual({ loss: 0, actions: 0, clipped: 0, kl: 0, drift: 0 });
  const datum = { observation: '', actions: [1, 2], logprobs: [-1, -1], advantage: 1, scale: 1 };
  expect(sumLosses(datumLosses(datum, [-1], loss)).loss).toBeNaN();
});
