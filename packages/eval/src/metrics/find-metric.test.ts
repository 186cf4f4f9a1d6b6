import { expect, test } from 'vitest';
import { findMetric, metrics } from './find-metric.ts';

test('every metric scores a right answer 1 and a wrong one 0', () => {
  for (const [name, metric] of Object.entries(metrics)) {
    const right = name === 'abstention' ? 'It is not mentioned.' : 'Answer: \\boxed{7}';
    const input = { answers: ['7'], choices: { A: '7', B: '900' } };
    const item = name === 'abstention' ? { answers: [] } : input;
    const said = name === 'exact-match' || name === 'f1' || name === 'rouge-l' ? '7' : right;
    expect([name, metric({ prediction: said, ...item })]).toEqual([name, 1]);
    expect([name, metric({ prediction: 'Answer: \\boxed{900}', ...item })]).toEqual([
      name,
      expect.closeTo(0, 9),
    ]);
  }
});

test('finds by name, and names those that exist', () => {
  expect(findMetric('f1')).toBe(metrics.f1);
  expect(() => findMetric('F1')).toThrow('Unknown metric "F1"; there are: string-match-all,');
  expect(() => findMetric('toString')).toThrow('Unknown metric');
});
