import { expect, test } from 'vitest';
import { stripReasoning } from './reply-text.ts';

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
