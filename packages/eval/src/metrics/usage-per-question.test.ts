import { noUsage } from '@memagent/core';
import { expect, test } from 'vitest';
import { usagePerQuestion } from './usage-per-question.ts';

const run = (calls: number, elapsedMs: number, cost?: number) => ({
  usage: { ...noUsage, promptTokens: calls * 100, calls, ...(cost !== undefined && { cost }) },
  elapsedMs,
});

test('gives means, and the spread of times', () => {
  const usage = usagePerQuestion([run(1, 100, 1), run(2, 400, 3), run(6, 200, 5)]);
  expect(usage).toEqual({
    questions: 3,
    mean: { ...noUsage, promptTokens: 300, calls: 3, cost: 3 },
    elapsedMs: { mean: 700 / 3, median: 200, p95: 380 },
  });
});

test('leaves out a cost that is not known of every question', () => {
  expect(usagePerQuestion([run(1, 1, 1), run(1, 1)])?.mean).not.toHaveProperty('cost');
  expect(usagePerQuestion([])).toBeUndefined();
});
