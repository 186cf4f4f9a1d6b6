import * as fc from 'fast-check';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { blocksOf, LongText } from './long-text.ts';
import { parseSpooledJson, type SpooledJson } from './parse-json.ts';
import { createTextSpool, type SpoolOptions } from './text-spool.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memagent-spool-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function* blocksOfBytes(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += length) yield bytes.subarray(start, start + length);
}

let spools = 0;
async function parse(
  json: string,
  blockBytes: number,
  options: Omit<SpoolOptions, 'folder'> = {},
): Promise<SpooledJson> {
  const blocks = blocksOfBytes(Buffer.from(json), blockBytes);
  return parseSpooledJson(blocks, createTextSpool({ folder: join(folder, String(spools++)), ...options }));
}

/** The value with its long texts read. */
async function whole(value: SpooledJson): Promise<unknown> {
  if (value instanceof LongText) return value.read(0, value.length);
  if (Array.isArray(value)) return Promise.all(value.map(whole));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(async ([key, item]) => [key, await whole(item)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

test('whatever JSON holds, and however it is cut into blocks, comes out as JSON.parse has it', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.constantFrom('a\nb"c\\d', '😀'.repeat(50), 'é'.repeat(90), '\u0000\u001f\u2028'),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      text,
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string({ maxLength: 8 }), tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(
      value,
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 0, max: 200 }),
      async (given, blockBytes, shortLength, memoryLength) => {
        // Half of the time as other writers do it, with all that is not ASCII escaped.
        const json =
          blockBytes % 2 === 0
            ? JSON.stringify(given)
            : JSON.stringify(given).replaceAll(
                /[\u007f-\uffff]/g,
                (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
              );
        const parsed = await parse(json, blockBytes, { shortLength, memoryLength });
        expect(await whole(parsed)).toEqual(JSON.parse(json));
      },
    ),
    { numRuns: 150 },
  );
});

test('any stretch of a long text can be read, and its blocks add up to it', async () => {
  const text = Array.from({ length: 400 }, (_, index) => `${index} é😀 `).join('');
  const parsed = (await parse(JSON.stringify({ text }), 97, { shortLength: 50 })) as { text: LongText };
  expect(parsed.text).toBeInstanceOf(LongText);
  expect(parsed.text.length).toBe(text.length);
  await fc.assert(
    fc.asyncProperty(fc.nat(text.length), fc.nat(text.length), async (a, b) => {
      const [start, end] = a < b ? [a, b] : [b, a];
      expect(await parsed.text.read(start, end)).toBe(text.slice(start, end));
    }),
    { numRuns: 60 },
  );
  const blocks = await Array.fromAsync(blocksOf(parsed.text, 3, text.length - 2));
  expect(blocks.join('')).toBe(text.slice(3, -2));
});

test('a text stays in memory while it is short, and goes when it is read to its end', async () => {
  const spool = createTextSpool({ folder: join(folder, 'own'), shortLength: 10 });
  const json = JSON.stringify({ short: '0123456789', long: '0123456789a' });
  const parsed = (await parseSpooledJson(blocksOfBytes(Buffer.from(json), 20), spool)) as Record<
    string,
    unknown
  >;
  expect(parsed['short']).toBe('0123456789');
  expect(parsed['long']).toBeInstanceOf(LongText);
  expect(await readdir(folder)).toEqual(['own']);
  await spool.remove();
  expect(await readdir(folder)).toEqual([]);
});

test('a key such as __proto__ is a key like any other', async () => {
  const parsed = await parse('{"__proto__":{"isAdmin":true},"constructor":1}', 8);
  expect(Object.keys(parsed as object)).toEqual(['__proto__', 'constructor']);
  expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
});

test.each([
  ['nothing', '', 400],
  ['no JSON', 'question=Who', 400],
  ['a body that ends too early', '{"text":"abc', 400],
  ['two values', '{} {}', 400],
  ['a control character in a string', '{"text":"a\u0000b"}', 400],
  ['a broken escape', '{"text":"\\x"}', 400],
  ['values without end', `[${'0,'.repeat(100_001)}0]`, 413],
  ['values within values without end', '['.repeat(100), 413],
])('%s is refused', async (_name, json, status) => {
  await expect(parse(json, 7)).rejects.toMatchObject({ name: 'RequestError', status });
});

test('bytes that are no UTF-8 are refused', async () => {
  const body = blocksOfBytes(Buffer.from([0x22, 0xc3, 0x28, 0x22]), 4);
  const refused = parseSpooledJson(body, createTextSpool({ folder }));
  await expect(refused).rejects.toMatchObject({ status: 400 });
});
