/** Documents of every construction, counted by the tokenizer in as few pieces as it can take. */
import { lastSeam, type Tokenizer } from '@memagent/core';
import { expect, it } from 'vitest';
import { sampleTokenizers } from '../documents/sample-tokenizers.ts';
import { makeItem } from './sample-item.ts';

it.each([
  ['niah_single_2', 'o200k_base', 1_048_576],
  ['ruler_hotpotqa', 'estimate', 262_144],
  ['niah_multivalue', 'byte-level tokenizer.json', 65_536],
  ['cwe', 'byte-level tokenizer.json', 65_536],
  ['niah_multikey_3', 'SentencePiece tokenizer.json', 65_536],
  ['ruler_squad', 'SentencePiece tokenizer.json', 65_536],
  ['fwe', 'SentencePiece tokenizer.json', 65_536],
] as const)('%s by %s is exact at %d tokens', async (task, tokenizerName, tokens) => {
  const tokenizer = await sampleTokenizers[tokenizerName]!();
  const { item, text } = await makeItem(task, { tokens, tokenizer });
  expect(item.tokens).toBe(countWhole(text, tokenizer));
  expect(item.tokens).toBeLessThanOrEqual(tokens);
  expect(item.tokens).toBeGreaterThan(tokens - 600);
});

/**
 * `count` takes texts of more than 50,000 characters apart, and a tokenizer that puts a space before every text
 * counts one token more for each part. Behind a letter it does not.
 */
function countWhole(text: string, { parts, count }: Tokenizer): number {
  if (parts) return count(text);
  const end = text.length > 40_000 ? lastSeam(text.slice(0, 40_000)) : undefined;
  if (end === undefined) return count(text);
  let tokens = count(text.slice(0, end));
  for (let start = end, next: number; start < text.length; start = next) {
    const slice = text.slice(start, start + 40_000);
    next = start + (start + 40_000 < text.length ? (lastSeam(slice) ?? slice.length) : slice.length);
    tokens += count(`a${text.slice(start, next)}`) - count('a');
  }
  return tokens;
}
