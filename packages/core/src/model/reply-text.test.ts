import { expect, test } from 'vitest';
import { isRefusal, stripReasoning } from './reply-text.ts';

test.each([
  ['Anna lives in Moscow [3].', 'Anna lives in Moscow [3].'],
  ['<think>Let me see.</think>\nAnna [3]', 'Anna [3]'],
  ['  <think>a</think> <think>b</think>Anna', 'Anna'],
  ['<think>never closed', ''],
  ['reasoning whose tag the prompt opened</think>\n\nAnna', 'Anna'],
  ['The page says <think>hm</think> in a quote.', 'The page says <think>hm</think> in a quote.'],
  ['', ''],
])('stripReasoning(%j)', (text, expected) => {
  expect(stripReasoning(text)).toBe(expected);
});

test.each([
  ["I'm sorry, but I can't assist with that.", true],
  ['I cannot help with this request.', true],
  ['Sorry, I am unable to comply.', true],
  ["I can't help it, said Anna [4].", false],
  ['Anna is sorry that she cannot help.', false],
  ['', false],
])('isRefusal(%j) is %j', (text, expected) => {
  expect(isRefusal(text)).toBe(expected);
});
