import { mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { sample } from '../sample-files.ts';
import { readRows } from './read-rows.ts';
import type { Row } from './row.ts';

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'memagent-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

async function rowsOf(file: string, arrayAt?: string): Promise<Omit<Row, 'file'>[]> {
  const rows: Omit<Row, 'file'>[] = [];
  for await (const { file: _file, ...row } of readRows(file, arrayAt)) rows.push(row);
  return rows;
}

const values = [{ a: 1 }, { a: 'zwei', b: [null, { c: '\u{1F600}"\\\n' }] }];
const lines = values.map((value) => JSON.stringify(value)).join('\n');

describe.each([
  ['JSON Lines', 'rows.jsonl', lines, 'line'],
  ['JSON Lines called JSON', 'rows.json', `\n${lines}\n`, 'line'],
  [
    'JSON Lines with a byte order mark and CRLF',
    'rows.jsonl',
    `\uFEFF${lines.replace('\n', '\r\n')}`,
    'line',
  ],
  ['a JSON array', 'rows.json', JSON.stringify(values, null, 2), 'row'],
  ['a JSON array called JSON Lines', 'rows.jsonl', JSON.stringify(values), 'row'],
  ['a JSON array inside an object', 'rows.json', JSON.stringify({ version: 2, data: values }), 'row'],
] as const)('%s', (_, name, text, unit) => {
  const arrayAt = text.startsWith('{"version') ? 'data' : undefined;

  it.each([
    ['plain', Buffer.from(text)],
    ['gzip', gzipSync(text)],
  ])('is read, %s', async (_kind, bytes) => {
    const rows = await rowsOf(await fileOf(name, bytes), arrayAt);
    expect(rows.map(({ value }) => value)).toEqual(values);
    expect(new Set(rows.map((row) => row.unit))).toEqual(new Set([unit]));
  });
});

it('reads CSV by its header, with line ends and quotes inside cells', async () => {
  const file = await fileOf('rows.csv', 'id,text\n1,"two\nlines, and ""quotes"""\n2,\n');
  expect(await rowsOf(file)).toEqual([
    { unit: 'line', number: 3, value: { id: '1', text: 'two\nlines, and "quotes"' } },
    { unit: 'line', number: 4, value: { id: '2', text: '' } },
  ]);
});

it('reads Parquet over several row groups, whatever the file is called', async () => {
  const rows = await rowsOf(sample('hotpotqa.parquet'));
  expect(rows.map(({ unit, number }) => [unit, number])).toEqual([
    ['row', 1],
    ['row', 2],
    ['row', 3],
    ['row', 4],
  ]);
});

it('reads any JSON Lines, in chunks of any size', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue(), { minLength: 1 }), async (anything) => {
      const padded = anything.map((value) => ({ value, padding: 'x'.repeat(100_000) }));
      const file = await fileOf('rows.jsonl', padded.map((value) => JSON.stringify(value)).join('\n'));
      expect((await rowsOf(file)).map(({ value }) => value)).toEqual(JSON.parse(JSON.stringify(padded)));
    }),
    { numRuns: 10 },
  );
});

it('gives a line that is not JSON as a row with a problem, and goes on', async () => {
  const rows = await rowsOf(await fileOf('rows.jsonl', '{"a":1}\n{"a":\n\n{"a":3}'));
  expect(rows).toEqual([
    { unit: 'line', number: 1, value: { a: 1 } },
    { unit: 'line', number: 2, value: undefined, problem: expect.stringMatching(/^not JSON: /) },
    { unit: 'line', number: 4, value: { a: 3 } },
  ]);
});

describe('throws source-unreadable', () => {
  it.each([
    ['a cut JSON array', 'rows.json', Buffer.from('[{"a":1},{"a":'), /cannot be read after row 1: /],
    [
      'a cut gzip file',
      'rows.jsonl.gz',
      gzipSync(lines).subarray(0, 30),
      /cannot be read after .*: unexpected end of file/,
    ],
    ['CSV with a broken quote', 'rows.csv', Buffer.from('a,b\n1,2\n"3,4\n'), /cannot be read after line 2: /],
    [
      'broken Parquet',
      'rows.parquet',
      Buffer.from('PAR1 and no more'),
      /cannot be read after the beginning: /,
    ],
    ['a zip archive', 'rows.zip', Buffer.from('504b0304', 'hex'), /is a zip archive. Unpack it first/],
  ])('for %s', async (_, name, bytes, message) => {
    const file = await fileOf(name, bytes);
    await expect(rowsOf(file)).rejects.toMatchObject({
      code: 'source-unreadable',
      message: expect.stringMatching(message),
      data: { file },
    });
  });

  it('for a file that is not there', async () => {
    await expect(rowsOf('/nowhere/rows.jsonl')).rejects.toMatchObject({ code: 'source-unreadable' });
  });
});

it.skipIf(process.platform !== 'linux')('closes the file when reading ends early', async () => {
  const file = await fileOf('rows.jsonl', '{"a":1}\n'.repeat(1_000_000));
  const openFiles = async () => {
    const descriptors = await readdir('/proc/self/fd');
    const targets = descriptors.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => ''));
    return (await Promise.all(targets)).filter((target) => target === file);
  };
  const rows = readRows(file);
  expect((await rows.next()).value).toMatchObject({ value: { a: 1 } });
  expect(await openFiles()).toEqual([file]);
  await rows.return(undefined);
  await vi.waitFor(async () => expect(await openFiles()).toEqual([]));
});
