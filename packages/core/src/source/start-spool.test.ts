import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordSources } from './list-sources.ts';
import { openSources } from './open-sources.ts';
import { readAllSources, temporaryFolder } from './read-all-sources.ts';
import { openSpool } from './spool.ts';
import { startSpool } from './start-spool.ts';

const running = new AbortController().signal;

async function* pieces<Piece>(...all: Piece[]): AsyncGenerator<Piece> {
  yield* all;
}

function incomplete(bytes: number): object {
  return {
    code: 'source-incomplete',
    message: `Cannot read stdin: it had not been received to its end when the run stopped; ${bytes} bytes of it were kept. Give the whole input again.`,
  };
}

describe('startSpool', () => {
  it('follows an input that comes slowly, and runs ahead of the reading', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'spool/0');
    const { readable, writable } = new TransformStream<string, string>();
    const writer = writable.getWriter();
    const starting = startSpool(file, 'slow', () => readable, running);
    await writer.write('one ');
    const spool = await starting;
    expect(spool.encoding).toBe('utf-8');
    const blocks = spool.blocks(running);
    expect((await blocks.next()).value?.toString()).toBe('one ');
    const waiting = blocks.next();
    await writer.write('two ');
    expect((await waiting).value?.toString()).toBe('two ');
    await writer.write('three');
    await writer.close();
    // Nobody reads, and the input is on disk all the same.
    await expect.poll(() => readFile(`${file}.end`, 'utf8').catch(() => '')).toContain('"bytes":13');
    expect((await blocks.next()).value?.toString()).toBe('three');
    expect((await blocks.next()).done).toBe(true);
  });

  it('lets its reader fail with the input, and leaves the spool incomplete', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, '0');
    const cause = new Error('connection reset');
    async function* broken(): AsyncGenerator<string> {
      yield 'a beginning';
      throw cause;
    }
    const [read] = await Promise.allSettled([readAllSources(broken(), folder.path)]);
    expect(read).toMatchObject({
      status: 'rejected',
      reason: { code: 'source-unreadable', cause, message: expect.stringContaining('connection reset') },
    });
    await startSpool(file, 'x', broken, running);
    await expect(openSpool(file, 'x')).rejects.toMatchObject({ code: 'source-incomplete' });
  });

  it('leaves alone after an abort what another session may be writing', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, '0');
    for await (const _ of (await startSpool(file, 'x', () => pieces('whole'), running)).blocks(running));
    const controller = new AbortController();
    const starting = startSpool(file, 'x', () => pieces('again'), controller.signal);
    controller.abort();
    await starting;
    await expect(openSpool(file, 'x')).resolves.toBeDefined();
    expect(await readFile(file, 'utf8')).toBe('whole');
  });

  it('says what kind of pieces a stream must give', async () => {
    await using folder = await temporaryFolder();
    await expect(readAllSources(pieces(1) as never, folder.path)).rejects.toThrow('the stream gave number');
  });

  it('lets all streams flow while the first source is read', async () => {
    await using folder = await temporaryFolder();
    const sources = openSources(['first', pieces('second')], { folder: async () => folder.path });
    await sources.next();
    await expect
      .poll(() => readFile(join(folder.path, 'spool/1.end'), 'utf8').catch(() => ''))
      .toContain('6');
    await sources.return(undefined);
  });
});

describe('a spool of an earlier process', () => {
  it('is refused before anything is read when it has no end, saying how much there is', async () => {
    await using folder = await temporaryFolder();
    const book = join(folder.path, 'book.txt');
    await writeFile(book, 'a book');
    const records = recordSources([{ file: book }, { stream: pieces('never read'), name: 'stdin' }]);
    const opened = (): Promise<unknown> => openSources(records, { folder: async () => folder.path }).next();
    await expect(opened()).rejects.toMatchObject(incomplete(0));
    await readAllSources([{ file: book }, { stream: pieces('half'), name: 'stdin' }], folder.path);
    await expect(opened()).resolves.toBeDefined();
    await writeFile(join(folder.path, 'spool/1'), 'ha');
    await expect(opened()).rejects.toMatchObject(incomplete(2));
  });

  it('is no longer whole once it has been begun again', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, '0');
    for await (const _ of (await startSpool(file, 'x', () => pieces('whole'), running)).blocks(running));
    await expect(openSpool(file, 'x')).resolves.toMatchObject({ file, encoding: 'utf-8' });
    const { readable, writable } = new TransformStream<string, string>();
    const starting = startSpool(file, 'x', () => readable, running);
    const writer = writable.getWriter();
    await writer.write('wrong');
    await starting;
    await expect(openSpool(file, 'x')).rejects.toMatchObject({ code: 'source-incomplete' });
    await writer.abort('done with it');
  });

  it('takes the input again, and is then whole', async () => {
    await using folder = await temporaryFolder();
    const controller = new AbortController();
    async function* cut(): AsyncGenerator<string> {
      yield 'a beg';
      controller.abort('killed');
      yield 'inning';
    }
    await expect(readAllSources(cut(), folder.path, { signal: controller.signal })).rejects.toBe('killed');
    const records = recordSources(cut());
    await expect(readAllSources(records, folder.path)).rejects.toMatchObject({ code: 'source-incomplete' });
    await readAllSources(pieces('a beg', 'inning'), folder.path);
    expect(await readAllSources(records, folder.path)).toMatchObject([{ text: 'a beginning' }]);
  });
});
