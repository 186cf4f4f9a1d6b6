import { expect, test } from 'vitest';
import { createDraws } from './create-draws.ts';

test('a seed names its draws', () => {
  const [a, b] = [createDraws(7), createDraws(7)];
  expect([a(), a(), a()]).toEqual([b(), b(), b()]);
});

test('the first draws of neighbouring seeds are spread evenly', () => {
  const counts = Array.from({ length: 10 }, () => 0);
  for (let seed = 0; seed < 2000; seed += 1) counts[Math.floor(createDraws(seed)() * 10)]! += 1;
  // 200 in each tenth, standard deviation 13.
  for (const count of counts) expect(Math.abs(count - 200)).toBeLessThan(60);
});

test('negative seeds and those of 32 bits are as good as others', () => {
  expect(createDraws(-1)()).toBe(createDraws(0xff_ff_ff_ff)());
  expect(createDraws(-1)()).not.toBe(createDraws(1)());
});
