import { readFileSync } from 'node:fs';
import { countTokens as countCl100k } from 'gpt-tokenizer/encoding/cl100k_base';
import { countTokens as countO200k } from 'gpt-tokenizer/encoding/o200k_base';
import { countTokens as countP50k } from 'gpt-tokenizer/encoding/p50k_base';
import { countTokens as countR50k } from 'gpt-tokenizer/encoding/r50k_base';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTiktokenTokenizer, tiktokenNames, type TiktokenName } from './tiktoken-tokenizer.ts';
import { reference, tokenizerContract } from './tokenizer.contract.ts';

const book = readFileSync(new URL('../../../../examples/data/war-and-peace.txt', import.meta.url), 'utf8');

const measured = ['o200k_base', 'cl100k_base', 'p50k_base', 'r50k_base'] as const;

describe.each(measured)('%s', (name) => {
  it('counts as tiktoken does', async () => {
    const { count } = await createTiktokenTokenizer(name);
    expect(reference.texts.map(count)).toEqual(reference.counts[name]);
  });

  tokenizerContract(() => createTiktokenTokenizer(name));
});

describe('tiktoken', () => {
  it('merges as gpt-tokenizer does', async () => {
    const { count } = await createTiktokenTokenizer('o200k_base');
    // Where the two differ on purpose (white space as JavaScript sees it) nothing is compared.
    const text = fc
      .string({ unit: 'grapheme', maxLength: 200 })
      .filter((item) => !/[\ufeff\u0085]/.test(item));
    fc.assert(
      fc.property(text, (item) => {
        expect(count(item)).toBe(countO200k(item));
      }),
    );
  });

  it.each([
    ['o200k_base', countO200k],
    ['cl100k_base', countCl100k],
    ['p50k_base', countP50k],
    ['r50k_base', countR50k],
  ] as const)('finds the ends of words as the pattern of %s does', async (name, countReference) => {
    const { count } = await createTiktokenTokenizer(name);
    const parts = [
      'word',
      'Word',
      'WORD',
      'wOrd',
      'a',
      'I',
      ' ',
      '  ',
      '\n',
      "'s",
      "'",
      '’t',
      '”',
      '—',
      '…',
      '\u200d',
      'é',
      '\u0301',
      'ß',
      '7',
      '_',
      '-',
      '.',
      ',',
      'tenletters',
      'elevenletter',
      'Incomprehensibilities',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 12 }), (items) => {
        expect(count(items.join(''))).toBe(countReference(items.join('')));
      }),
      { numRuns: 1000 },
    );
  });

  it('counts the words of a book, more than its caches hold, as gpt-tokenizer does', async () => {
    const { count } = await createTiktokenTokenizer('o200k_base');
    expect(count(book)).toBe(countO200k(book));
  });

  it('counts what looks like a special token as ordinary text', async () => {
    const { count } = await createTiktokenTokenizer('o200k_base');
    expect(count('<|endoftext|>')).toBe(7);
  });

  it("adds OpenAI's overhead to a prompt: 4 tokens per message and 3 for the reply", async () => {
    const { count, countPrompt } = await createTiktokenTokenizer('cl100k_base');
    const prompt = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Why?' },
    ] as const;
    expect(countPrompt(prompt)).toBe(count('Be brief.') + count('Why?') + 11);
  });

  it('loads each encoding by its name and refuses others', async () => {
    for (const name of tiktokenNames) expect((await createTiktokenTokenizer(name)).name).toBe(name);
    await expect(createTiktokenTokenizer('o300k' as TiktokenName)).rejects.toMatchObject({
      code: 'invalid-option',
      message: expect.stringContaining('cl100k_base'),
    });
  });
});
