import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { readAllSources, temporaryFolder } from './read-all-sources.ts';
import type { SourceInfo, SourceInput } from './source.ts';
import { createSpanReader } from './span-reader.ts';

interface Slice {
  fromText: string;
  fromFile: string;
}

/** Reads a source, then what lies between the cuts (moved off surrogate pairs), from its text and from its file. */
async function sliceSource(
  input: SourceInput,
  folder: string,
  cuts: readonly number[],
): Promise<{ text: string; slices: Slice[] }> {
  const [source] = await readAllSources(input, folder);
  const { text = '', info } = source ?? {};
  const reader = createSpanReader({ folder: async () => folder, sources: info ? [info] : [] });
  const offsets = [0, ...cuts.map((cut) => wholeOffset(text, cut % (text.length + 1))), text.length].toSorted(
    (a, b) => a - b,
  );
  const slices: Slice[] = [];
  for (const [at, start] of offsets.slice(0, -1).entries()) {
    const fromText = text.slice(start, offsets[at + 1]);
    const byteStart = Buffer.byteLength(text.slice(0, start));
    const byteEnd = byteStart + Buffer.byteLength(fromText);
    slices.push({ fromText, fromFile: await reader.read({ source: 0, byteStart, byteEnd }) });
  }
  return { text, slices };
}

function isSame({ fromText, fromFile }: Slice): boolean {
  return fromText === fromFile;
}

function wholeOffset(text: string, offset: number): number {
  return (text.charCodeAt(offset) & 0xfc00) === 0xdc00 ? Math.max(0, offset - 1) : offset;
}

const cuts = fc.array(fc.nat(), { maxLength: 4 });
const wellFormed = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).map((text) => `x${text}`);

describe('createSpanReader', () => {
  it('gives slices of any text in any encoding', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'a.txt');
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        wellFormed,
        fc.constantFrom('utf-8', 'utf-16le', 'utf-16be', 'gb18030'),
        cuts,
        async (text, encoding, at) => {
          await writeFile(file, iconv.encode(text, encoding));
          const run = join(folder.path, String(runs++));
          const sliced = await sliceSource({ file, encoding }, run, at);
          expect(sliced.text).toBe(text);
          expect(sliced.slices.filter((slice) => !isSame(slice))).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives slices of a stream cut anywhere', async () => {
    await using folder = await temporaryFolder();
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), cuts, async (texts, at) => {
        const halves = `x${texts.join('')}`;
        async function* stream(): AsyncGenerator<string> {
          for (let start = 0; start < halves.length; start += 3) yield halves.slice(start, start + 3);
        }
        const { text, slices } = await sliceSource(stream(), join(folder.path, String(runs++)), at);
        expect(text).toBe(halves);
        expect(slices.filter((slice) => !isSame(slice))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('gives slices of a UTF-8 file that has invalid bytes far behind its head', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'stray.txt');
    const start = Buffer.from('Ünïcode 🦉 and\r\n'.repeat(60_000));
    const content = Buffer.concat([
      start,
      Buffer.of(0xff),
      Buffer.from(' then é'),
      Buffer.of(0xe2, 0x82),
      Buffer.from('end'),
    ]);
    await writeFile(file, content);
    const cutsAround = [10, 500_000, 900_000, 900_001, 900_002, 900_008, 900_010];
    const { text, slices } = await sliceSource({ file }, folder.path, cutsAround);
    expect(slices.every(isSame)).toBe(true);
    expect(text === content.toString('utf8')).toBe(true);
    expect(text.endsWith('\ufffd then é\ufffdend')).toBe(true);
  });

  it('reads the original as long as a copy that a dead process began is too short', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'a.txt');
    await writeFile(file, Buffer.concat([Buffer.from('é'.repeat(20)), Buffer.of(0xff, 0x61)]));
    const [source] = await readAllSources({ file, encoding: 'utf-8' }, folder.path);
    const sources: SourceInfo[] = source ? [source.info] : [];
    const reader = createSpanReader({ folder: async () => folder.path, sources });
    const copy = join(folder.path, 'text/0.txt');
    expect(await reader.read({ source: 0, byteStart: 38, byteEnd: 44 })).toBe('é\ufffda');
    await truncate(copy, 10);
    expect(await reader.read({ source: 0, byteStart: 8, byteEnd: 14 })).toBe('ééé');
    await readAllSources({ file, encoding: 'utf-8' }, folder.path);
    expect(await reader.read({ source: 0, byteStart: 38, byteEnd: 44 })).toBe('é\ufffda');
  });

  it('notices a file that has become shorter, and a source that there is not', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'a.txt');
    await writeFile(file, 'a long text');
    const [source] = await readAllSources({ file }, folder.path);
    const reader = createSpanReader({
      folder: async () => folder.path,
      sources: source ? [source.info] : [],
    });
    await writeFile(file, 'short');
    await expect(reader.read({ source: 0, byteStart: 2, byteEnd: 11 })).rejects.toMatchObject({
      code: 'source-changed',
      message: expect.stringContaining(file),
    });
    await expect(reader.read({ source: 1, byteStart: 0, byteEnd: 1 })).rejects.toThrow('source 1');
  });
});
