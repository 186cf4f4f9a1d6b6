import { expect, it } from 'vitest';
import { zeta } from './zeta.ts';

it.each([
  [2, Math.PI ** 2 / 6],
  [4, Math.PI ** 4 / 90],
  [1.5, 2.612_375_348_685_488],
  [3, 1.202_056_903_159_594],
])('zeta(%d)', (s, value) => {
  expect(zeta(s)).toBeCloseTo(value, 10);
});
