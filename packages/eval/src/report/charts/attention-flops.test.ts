import { expect, it } from 'vitest';
import { callFlops, questionFlops, qwen14bShape } from './attention-flops.ts';

const tiny = { name: 'tiny', weights: 100, layers: 2, attentionWidth: 5 };

function inWindow(tokens: number): number {
  return questionFlops({ tokens, calls: tokens / 8192 }, qwen14bShape);
}

function atOnce(tokens: number): number {
  return callFlops(tokens, qwen14bShape);
}

it('adds every token through every weight and causal attention', () => {
  // 3 tokens: 2 * 100 * 3 through the weights; 4 * 2 * 5 * (1 + 2 + 3) for attention.
  expect(callFlops(3, tiny)).toBe(600 + 240);
});

it('is linear in the calls of a question and quadratic in one call over all of it', () => {
  expect(inWindow(2 ** 22) / inWindow(2 ** 21)).toBeCloseTo(2, 9);
  expect(atOnce(2 ** 27) / atOnce(2 ** 26)).toBeCloseTo(4, 2);
  expect(inWindow(8192)).toBe(atOnce(8192));
});

it('is nothing without a call', () => {
  expect(questionFlops({ tokens: 0, calls: 0 }, tiny)).toBe(0);
});
