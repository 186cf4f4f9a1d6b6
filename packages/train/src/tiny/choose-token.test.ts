import { expect, test } from 'vitest';
import { chooseToken } from './choose-token.ts';

/** Logits of these probabilities. */
const logitsOf = (...shares: number[]): Float32Array => Float32Array.from(shares, Math.log);
const logits = logitsOf(0.1, 0.5, 0.4);
const choose = (fraction: number, temperature = 1, topP = 1) =>
  chooseToken(logits, { temperature, topP, fraction: () => fraction });

test('draws each token over the stretch that is its probability', () => {
  expect([0, 0.09, 0.11, 0.59, 0.61, 0.999].map((fraction) => choose(fraction).token)).toEqual([
    0, 0, 1, 1, 2, 2,
  ]);
});

test('tells log-probability and entropy of the policy', () => {
  const { logprob, entropy } = choose(0.3);
  expect(logprob).toBeCloseTo(Math.log(0.5), 6);
  expect(entropy).toBeCloseTo(-(0.1 * Math.log(0.1) + 0.5 * Math.log(0.5) + 0.4 * Math.log(0.4)), 6);
});

test('takes the likeliest at temperature 0, without a draw, and tells its log-probability at 1', () => {
  const choice = chooseToken(logits, {
    temperature: 0,
    topP: 1,
    fraction: () => {
      throw new Error('drawn');
    },
  });
  expect(choice.token).toBe(1);
  expect(choice.logprob).toBeCloseTo(Math.log(0.5), 6);
});

test('draws among the likeliest that reach topP, with the log-probability of the whole policy', () => {
  // 0.5 and 0.4 are kept: 5/9 and 4/9 of the draws.
  expect([0, 0.55, 0.56, 0.999].map((fraction) => choose(fraction, 1, 0.9).token)).toEqual([1, 1, 2, 2]);
  expect(choose(0.56, 1, 0.9).logprob).toBeCloseTo(Math.log(0.4), 6);
  expect([0, 0.999].map((fraction) => choose(fraction, 1, 0.5).token)).toEqual([1, 1]);
});

test('a temperature sharpens: squares of the probabilities at 0.5', () => {
  const total = 0.01 + 0.25 + 0.16;
  expect(choose(0.5, 0.5).logprob).toBeCloseTo(Math.log(0.25 / total), 6);
});
