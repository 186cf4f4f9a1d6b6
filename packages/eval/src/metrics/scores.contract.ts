import { expect, test } from 'vitest';
import type { Metric, MetricInput } from './metric.ts';

/** A hand-computed case: prediction, right answers, score, and what else the metric is told. */
export type ScoreCase = [
  prediction: string,
  answers: readonly string[],
  score: number,
  more?: Omit<MetricInput, 'prediction' | 'answers'>,
];

/** Asserts a table of hand-computed scores. */
export function testScores(metric: Metric, cases: readonly ScoreCase[]): void {
  test.each(cases)('%j for %j scores %d', (prediction, answers, score, more = {}) => {
    expect(metric({ prediction, answers, ...more })).toBeCloseTo(score, 12);
  });
}
