import { expect, it } from 'vitest';
import { unwrapBoxed } from './unwrap-boxed.ts';

it.each([
  ['Kutuzov', 'Kutuzov'],
  ['So the answer is \\boxed{Kutuzov [12]}.', 'Kutuzov [12]'],
  ['\\boxed{first} and then \\boxed{ last }', 'last'],
  ['\\boxed{\\frac{1}{2}}', '\\frac{1}{2}'],
  ['\\boxed{a set \\{1, 2\\}}', 'a set \\{1, 2\\}'],
  ['\\boxed{an open \\{ brace}', 'an open \\{ brace'],
  ['\\boxed{\\boxed{inner}}', 'inner'],
  ['\\boxed{}', ''],
  ['\\boxed{whole} but \\boxed{cut off', 'whole'],
  ['\\boxed{cut off', '\\boxed{cut off'],
  ['boxed{no command}', 'boxed{no command}'],
  ['', ''],
])('unwraps %j', (text, expected) => {
  expect(unwrapBoxed(text)).toBe(expected);
});
