import { Tokenizer } from '@huggingface/tokenizers';
import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSliceCounter } from './count-slices.ts';
import { splitsAtSeams } from './splits-at-seams.ts';
import { fixturePath, hardText } from './tokenizer.contract.ts';

const book = readFileSync(
  new URL('../../../../examples/data/war-and-peace.txt', import.meta.url),
  'utf8',
).slice(200_000, 320_000);

type Content = Record<string, unknown>;

function load(name: string, change: Content = {}): Tokenizer {
  const content = JSON.parse(readFileSync(fixturePath(`${name}/tokenizer.json`), 'utf8')) as Content;
  return new Tokenizer({ ...content, ...change } as never, {});
}

const metaspace = (prepend_scheme: string) => ({
  normalizer: null,
  pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme, split: true },
});

/** Hard text with a word and a space here and there, so that there are seams. */
const longText = fc
  .array(hardText, { minLength: 3, maxLength: 12 })
  .map((parts) => parts.join(' of words, and more; then'));

describe.each([
  ['byte level', load('byte-level'), true],
  ['byte level with a space before', load('byte-level', spaceBefore()), false],
  ['SentencePiece', load('sentencepiece'), false],
  ['Metaspace, first', load('sentencepiece', metaspace('first')), false],
  ['Metaspace, always', load('sentencepiece', metaspace('always')), false],
] as const)('%s', (_, library, splits) => {
  it('counts slices as it counts the whole', () => {
    expect(splitsAtSeams(library)).toBe(splits);
    const count = createSliceCounter((text) => library.tokenize(text), { splits, longestSlice: 160 });
    fc.assert(
      fc.property(longText, (text) => {
        expect(count(text)).toBe(library.tokenize(text).length);
      }),
      { numRuns: 150, seed: 7 },
    );
  });

  it('counts a long text as a whole', () => {
    const count = createSliceCounter((text) => library.tokenize(text), { splits });
    expect(count(book)).toBe(library.tokenize(book).length);
  });
});

function spaceBefore(): Content {
  return { pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true, use_regex: true } };
}
