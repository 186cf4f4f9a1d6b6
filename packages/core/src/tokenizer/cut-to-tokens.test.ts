import { describe, expect, it } from 'vitest';
import { cutToTokens } from './cut-to-tokens.ts';
import { createTiktokenTokenizer } from './tiktoken-tokenizer.ts';

const tokenizer = await createTiktokenTokenizer('o200k_base');

describe('cutToTokens', () => {
  it('leaves a text that fits as it is', () => {
    expect(cutToTokens('Short. \n', 3, tokenizer)).toBe('Short. \n');
  });

  it('ends at a sentence if one ends in the last fifth', () => {
    const sentences = 'Kutuzov slept. '.repeat(40);
    const cut = cutToTokens(sentences, 50, tokenizer);
    expect(cut).toMatch(/^(?:Kutuzov slept\. )+$/);
    expect(tokenizer.count(cut)).toBeGreaterThan(40);
  });

  it('ends at a line if one ends in the last fifth', () => {
    expect(cutToTokens('- one [1]\n'.repeat(40), 52, tokenizer)).toMatch(/^(?:- one \[1\]\n)+$/);
  });

  it('takes as much as fits where nothing ends', () => {
    const cut = cutToTokens(`${'word '.repeat(10)}. ${'word '.repeat(100)}`, 60, tokenizer);
    expect(tokenizer.count(cut)).toBe(60);
    expect(tokenizer.count(cutToTokens('x'.repeat(5000), 100, tokenizer))).toBe(100);
  });

  it('gives nothing where nothing fits', () => {
    expect(cutToTokens('word', 0, tokenizer)).toBe('');
    expect(cutToTokens('👩\u200d👧', 1, tokenizer)).toBe('');
  });
});
