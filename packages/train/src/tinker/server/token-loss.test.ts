import { expect, test } from 'vitest';
import { findTokenLoss, tokenLossNames } from './token-loss.ts';

const h = 1e-6;

test.each(tokenLossNames.filter((name) => name !== 'cispo'))(
  '%s has the derivative of its loss, on both sides of the clip',
  (name) => {
    const lossOf = findTokenLoss(name);
    for (const distance of [-0.5, -0.1, 0, 0.1, 0.5]) {
      for (const advantage of [1, -0.5]) {
        const at = (logprob: number) =>
          lossOf({ logprob, sampledLogprob: -1 - distance, advantage, weight: 0.5 });
        const slope = (at(-1 + h).loss - at(-1 - h).loss) / (2 * h);
        expect(at(-1).gradient).toBeCloseTo(slope, 5);
      }
    }
  },
);

test('cispo goes on where ppo has lost its gradient, with the clipped ratio as a factor', () => {
  const token = { logprob: -1, sampledLogprob: -3, advantage: 2, weight: 1 };
  const settings = { clip_low_threshold: 0.8, clip_high_threshold: 1.28 };
  expect(findTokenLoss('ppo', settings)(token)).toEqual({ loss: -2.56, gradient: 0 });
  expect(findTokenLoss('cispo', settings)(token)).toEqual({ loss: 2.56, gradient: -2.56 });
});

test('a setting that a function does not have is refused', () => {
  expect(() => findTokenLoss('ppo', { clip_low: 0.2 })).toThrow(/clip_low; it takes clip_low_threshold/);
  expect(() => findTokenLoss('cross_entropy', { beta: 1 })).toThrow(/it takes nothing/);
});
