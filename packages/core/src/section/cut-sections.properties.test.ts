import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEstimateTokenizer } from '../tokenizer/estimate-tokenizer.ts';
import { createHuggingFaceTokenizer } from '../tokenizer/hugging-face-tokenizer.ts';
import { createTiktokenTokenizer } from '../tokenizer/tiktoken-tokenizer.ts';
import { fixturePath, hardText } from '../tokenizer/tokenizer.contract.ts';
import { collect } from './collect.ts';
import { cutSections } from './cut-sections.ts';
import type { Section } from './section.ts';
import { sourceHeader } from './source-header.ts';
import { chunked, sourcesOf } from './sources-of.ts';

const tokenizers = [
  ['o200k_base', await createTiktokenTokenizer('o200k_base')],
  ['r50k_base', await createTiktokenTokenizer('r50k_base')],
  ['byte-level', await createHuggingFaceTokenizer({ tokenizer: fixturePath('byte-level') })],
  ['sentencepiece', await createHuggingFaceTokenizer({ tokenizer: fixturePath('sentencepiece') })],
  ['estimate', await createEstimateTokenizer()],
] as const;

/** Longer than `hardText` alone, so that it makes several sections. */
const documentText = fc.array(hardText, { minLength: 1, maxLength: 8 }).map((parts) => parts.join('Then. '));
const chunkLengths = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 });

describe.each(tokenizers)('sections by %s', (_, tokenizer) => {
  it('join to the text of the source, each within its exact tokens, with the right offsets', async () => {
    const property = fc.asyncProperty(
      documentText,
      chunkLengths,
      fc.integer({ min: 24, max: 300 }),
      async (text, lengths, maxTokens) => {
        const options = { tokenizer, maxTokens: () => maxTokens, headers: false };
        const sections = await collect(cutSections(sourcesOf(chunked(text, lengths)), options));
        expect(sections.map((section) => section.text).join('')).toBe(text);
        expect(sections.map(({ number }) => number)).toEqual(sections.map((_section, index) => index + 1));
        let start = 0;
        for (const section of sections) {
          expect(section.tokens).toBe(tokenizer.count(section.text));
          expect(section.tokens).toBeLessThanOrEqual(maxTokens);
          const byteStart = Buffer.byteLength(text.slice(0, start));
          const end = start + section.text.length;
          const byteEnd = byteStart + Buffer.byteLength(section.text);
          expect(section.spans).toEqual([{ source: 0, start, end, byteStart, byteEnd, textStart: 0 }]);
          expect(cutsCharacter(text, end)).toBe(false);
          start = end;
        }
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });

  it('of several sources have spans that join to each, and headers between them', async () => {
    const property = fc.asyncProperty(
      fc.array(hardText, { minLength: 2, maxLength: 6 }),
      chunkLengths,
      fc.integer({ min: 120, max: 600 }),
      async (texts, lengths, maxTokens) => {
        const sources = sourcesOf(...texts.map((text) => chunked(text, lengths)));
        const options = { tokenizer, maxTokens: () => maxTokens, headers: true };
        const read = texts.map(() => '');
        for await (const section of cutSections(sources, options)) {
          expect(section.tokens).toBe(tokenizer.count(section.text));
          expect(section.tokens).toBeLessThanOrEqual(maxTokens);
          expect(section.text).toBe(withHeaders(section, texts));
          for (const { source, start, end } of section.spans) {
            expect(start).toBe(read[source]?.length);
            read[source] += (texts[source] ?? '').slice(start, end);
          }
        }
        expect(read).toEqual(texts);
      },
    );
    await fc.assert(property, { numRuns: 40 });
  });

  it('come out the same when those that were cut before are cut again', async () => {
    const property = fc.asyncProperty(
      fc.array(documentText, { minLength: 1, maxLength: 3 }),
      chunkLengths,
      fc.nat(),
      async (texts, lengths, seed) => {
        const options = { tokenizer, maxTokens: () => 150, headers: texts.length > 1 };
        const open = () => sourcesOf(...texts.map((text) => chunked(text, lengths)));
        const sections = await collect(cutSections(open(), options));
        const known = sections.slice(0, seed % (sections.length + 1));
        expect(await collect(cutSections(open(), { ...options, known }))).toEqual(sections);
      },
    );
    await fc.assert(property, { numRuns: 30 });
  });
});

function cutsCharacter(text: string, index: number): boolean {
  const [before = '', after = ''] = [text[index - 1], text[index]];
  return (
    before + after === '\r\n' ||
    (!before.isWellFormed() && !after.isWellFormed() && (before + after).isWellFormed())
  );
}

/** A section's text as its spans say that it must be. */
function withHeaders({ spans }: Section, texts: readonly string[]): string {
  let text = '';
  for (const { source, start, end, textStart } of spans) {
    if (text !== '' && !text.endsWith('\n')) text += '\n';
    text += sourceHeader(`part-${source}.txt`);
    expect(textStart).toBe(text.length);
    text += (texts[source] ?? '').slice(start, end);
  }
  return text;
}
