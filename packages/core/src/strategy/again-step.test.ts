import { expect, test } from 'vitest';
import { parseAgainStep } from './again-step.ts';

test.each([
  ['again/12', { section: 12, part: 1 }],
  ['again/12/2', { section: 12, part: 2 }],
  ['update/12', undefined],
  ['merge/0/3', undefined],
  ['again/answer', undefined],
  ['answer', undefined],
])('%s', (step, expected) => {
  expect(parseAgainStep(step)).toEqual(expected);
});
