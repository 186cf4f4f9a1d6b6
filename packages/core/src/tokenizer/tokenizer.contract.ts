import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutToTokens } from './cut-to-tokens.ts';
import { isSeam } from './seam.ts';
import type { PartCounter, PromptMessage, Tokenizer } from './tokenizer.ts';
import { addWeights, noWeight, type Weight } from './weight.ts';

/** A file or folder beside this one. */
export function fixturePath(name: string): string {
  return `${import.meta.dirname}/fixtures/${name}`;
}

/** Texts, and their counts by the original programs; see fixtures/README.md. */
export const reference = JSON.parse(readFileSync(fixturePath('counts.json'), 'utf8')) as {
  texts: string[];
  counts: Record<string, number[]>;
};

/** Text made of what is hard to split: scripts, marks, joiners, lone surrogates, white space, contractions. */
export const hardText = fc
  .array(
    fc.oneof(
      fc.constantFrom("'s", "'LL", "'", ' ', '   ', '\n', '\n\n', '\r\n', '\t', '\u00a0', '\u0085', '\ufeff'),
      fc.constantFrom(
        'word',
        'Word',
        'WORD',
        'naïve',
        'слово',
        '好的',
        'かな',
        'شيء',
        'e\u0301',
        'ſ',
        'ǅ',
        'ʰ',
      ),
      fc.constantFrom(
        '1',
        '12345',
        '٣',
        'Ⅻ',
        ', ',
        '. ',
        '; ',
        '！',
        '，',
        '…',
        '—',
        '“',
        '=',
        '//',
        '|',
        '```',
      ),
      fc.constantFrom(
        '😀',
        '👩\u200d👧',
        '\ud800',
        '\udc00',
        '\0',
        '<|im_start|>',
        '<|endoftext|>',
        '<s>',
        '<unk>',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 60 },
  )
  .map((words) => words.join(''));

/** What every tokenizer owes. */
export function tokenizerContract(create: () => Promise<Tokenizer>): void {
  it('counts nothing in an empty text and something in any other', async () => {
    const tokenizer = await create();
    expect(tokenizer.count('')).toBe(0);
    for (const text of ['a', ' ', '\n', '好', '😀', '\ud800', '<|endoftext|>']) {
      expect(tokenizer.count(text)).toBeGreaterThan(0);
    }
  });

  it('never throws, and counts whole numbers', async () => {
    const tokenizer = await create();
    fc.assert(
      fc.property(hardText, (text) => {
        const tokens = tokenizer.count(text);
        expect(Number.isSafeInteger(tokens) && tokens >= 0).toBe(true);
      }),
    );
  });

  it('counts a prompt as more than its texts', async () => {
    const tokenizer = await create();
    fc.assert(
      fc.property(hardText, hardText, (system, user) => {
        const messages: PromptMessage[] = [
          { role: 'system', content: `Be brief. ${system}.` },
          { role: 'user', content: `Read: ${user}.` },
        ];
        const texts = tokenizer.count(`Be brief. ${system}.`) + tokenizer.count(`Read: ${user}.`);
        expect(tokenizer.countPrompt(messages)).toBeGreaterThan(texts);
      }),
      { numRuns: 30 },
    );
  });

  it('counts parts cut at seams as it counts the whole', async () => {
    const tokenizer = await create();
    const { parts } = tokenizer;
    if (!parts) return;
    fc.assert(
      fc.property(hardText, (text) => {
        expect(parts.tokens(weighAtSeams(text, parts))).toBe(tokenizer.count(text));
      }),
      { numRuns: 300 },
    );
  });

  it('counts a long text without a break, in less time than quadratic merging would take', async () => {
    const tokenizer = await create();
    const tokens = tokenizer.count('a'.repeat(300_000));
    expect(tokens).toBeGreaterThan(10_000);
  });

  it('is cut to any number of tokens, at a whole character', async () => {
    const tokenizer = await create();
    fc.assert(
      fc.property(hardText, fc.nat({ max: 40 }), (text, maxTokens) => {
        const cut = cutToTokens(text, maxTokens, tokenizer);
        expect(text.startsWith(cut)).toBe(true);
        expect(tokenizer.count(cut)).toBeLessThanOrEqual(maxTokens);
        expect(cut.isWellFormed() || !text.isWellFormed()).toBe(true);
        expect(cut.endsWith('\r') && text[cut.length] === '\n').toBe(false);
      }),
      { numRuns: 50 },
    );
  });
}

function weighAtSeams(text: string, { weigh }: PartCounter): Weight {
  let total = noWeight;
  let start = 0;
  for (let end = 1; end <= text.length; end++) {
    if (end < text.length && !isSeam(text, end)) continue;
    total = addWeights(total, weigh(text.slice(start, end)));
    start = end;
  }
  return total;
}
