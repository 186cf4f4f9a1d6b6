import * as fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { decodeText } from './decode-text.ts';

async function decodeInBlocks(
  bytes: Uint8Array,
  sizes: readonly number[],
  encoding: string,
): Promise<string[]> {
  const texts: string[] = [];
  for await (const text of decodeText(blocksOf(bytes, sizes), encoding)) texts.push(text);
  return texts;
}

async function* blocksOf(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (let at = 0; start < bytes.length; at++) {
    const size = sizes[at % sizes.length] ?? 1;
    yield bytes.subarray(start, start + size);
    start += size;
  }
}

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
const unicode = fc.string({ unit: 'binary', maxLength: 60 });

/** Characters of an alphabet, each of which the encoding has. */
const textOf = (alphabet: string): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...alphabet)).map((characters) => characters.join(''));

const encodings: [encoding: string, text: fc.Arbitrary<string>][] = [
  ['utf-8', unicode],
  ['utf-16le', unicode],
  ['utf-16be', unicode],
  ['utf-32le', unicode],
  ['gb18030', textOf('a\n\u4e2d\u6587\u{1f989}\u{20000}\u00e9')],
  ['gbk', textOf('a\u4e2d\u6587\u20ac')],
  ['shift_jis', textOf('a\r\n\u65e5\u672c\u8a9e\uff76\u30ab')],
  ['windows-1252', textOf('a\u00e9\u00fc\u201c\u201d\u20ac\n')],
  ['big5', textOf('a\u4e2d\u6587\u5b57\u5605')],
  ['euc-kr', textOf('a\ud55c\uad6d\uc5b4 ')],
];

describe('decodeText', () => {
  it.each(encodings)('gives the text back from blocks of any size: %s', async (encoding, arbitrary) => {
    await fc.assert(
      fc.asyncProperty(arbitrary, sizes, async (text, blockSizes) => {
        const texts = await decodeInBlocks(iconv.encode(text, encoding), blockSizes, encoding);
        expect(texts.join('')).toBe(text);
        expect(texts.every((piece) => piece.isWellFormed())).toBe(true);
      }),
    );
  });

  it('treats invalid UTF-8 as readFileSync does, wherever blocks end', async () => {
    const bytes = fc
      .array(
        fc.oneof(
          fc.uint8Array({ maxLength: 4 }),
          fc
            .constantFrom('a', 'é', '€', '🦉')
            .map((text) => new Uint8Array(Buffer.from(text).subarray(0, 3))),
        ),
      )
      .map((parts) => Buffer.concat(parts));
    await fc.assert(
      fc.asyncProperty(bytes, sizes, async (invalid, blockSizes) => {
        const texts = await decodeInBlocks(invalid, blockSizes, 'utf-8');
        expect(texts.join('')).toBe(invalid.toString('utf8'));
      }),
    );
  });

  it('makes lone surrogates U+FFFD, as they are when the text is kept', async () => {
    const texts = await decodeInBlocks(Buffer.from('a\ud800b\udc00', 'utf16le'), [3], 'utf-16le');
    expect(texts.join('')).toBe('a\ufffdb\ufffd');
  });
});
