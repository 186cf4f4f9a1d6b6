import { describe, expect, it } from 'vitest';
import { floats } from '../data/tensor.ts';
import { combinePasses } from './combine-passes.ts';

const pass = (datums: number, metrics: Record<string, number>) => ({
  outputType: 'ArrayRecord',
  outputs: Array.from({ length: datums }, (_, index) => ({ logprobs: floats([index]) })),
  metrics,
});

describe('combinePasses', () => {
  it('adds metrics up as their names say, and keeps the order of the outputs', () => {
    const one = pass(1, {
      'a:sum': 1,
      'a:mean': 1,
      'a:min': 1,
      'a:max': 1,
      'a:slack': 1,
      'a:unique': 1,
      'a:other': 1,
      'b:sum': 1,
      plain: 1,
    });
    const two = pass(3, {
      'a:sum': 5,
      'a:mean': 5,
      'a:min': 5,
      'a:max': 5,
      'a:slack': 5,
      'a:unique': 5,
      'a:other': 5,
      plain: 5,
    });
    const { metrics, outputs } = combinePasses([one, two]);
    expect(metrics).toEqual({
      'a:sum': 6,
      'a:mean': 4,
      'a:min': 1,
      'a:max': 5,
      'a:slack': 1,
      'a:unique': 1,
      'a:unique_2': 5,
    });
    expect(outputs.map(({ logprobs }) => logprobs?.data[0])).toEqual([0, 0, 1, 2]);
  });
  it('leaves a single pass as it is', () => {
    const one = pass(1, { plain: 1 });
    expect(combinePasses([one])).toBe(one);
  });
});
