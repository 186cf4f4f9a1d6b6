import { expect, test } from 'vitest';
import { normalizeAnswer } from './normalize-answer.ts';

test.each([
  ['', ''],
  ['The', ''],
  ['A, an; THE!', ''],
  ['  The  Battle\tof\nBorodino. ', 'battle of borodino'],
  ['1,234', '1234'],
  ['3.50', '350'],
  ['U.S.', 'us'],
  ['rock ’n’ roll', 'rock ’n’ roll'],
  ['theatre', 'theatre'],
  ['the-a', 'thea'],
  ['the_a', 'thea'],
  ['théa', 'théa'],
  ['İ', 'i̇'],
  ['ΟΔΟΣ', 'οδος'],
  ['a\u001cb\u00a0c\u0085d', 'b c d'],
  ['x\ufeffy', 'x\ufeffy'],
])('%j becomes %j', (text, normalized) => {
  expect(normalizeAnswer(text)).toBe(normalized);
});
