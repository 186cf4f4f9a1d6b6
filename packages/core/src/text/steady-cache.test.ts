import { expect, test } from 'vitest';
import { createSteadyCache } from './steady-cache.ts';

test('a full cache keeps what it has, and begins anew among strangers', () => {
  const cache = createSteadyCache<number>(2);
  cache.offer('a', 1);
  cache.offer('b', 2);
  cache.offer('c', 3);
  expect(['a', 'b', 'c'].map(cache.get)).toEqual([1, 2, undefined]);
  for (let count = 0; count < 40 && cache.get('c') === undefined; count += 1) cache.offer('c', 3);
  expect(['a', 'b', 'c'].map(cache.get)).toEqual([undefined, undefined, 3]);
});
