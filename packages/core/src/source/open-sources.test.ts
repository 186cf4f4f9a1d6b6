import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, readlink, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { recordSources } from './list-sources.ts';
import { openSources } from './open-sources.ts';
import { readAllSources, temporaryFolder } from './read-all-sources.ts';
import { makeDocx, makePdf } from './sample-documents.ts';
import type { SourceInput } from './source.ts';

const book = join(import.meta.dirname, '../../../../examples/data/war-and-peace.txt');

async function* pieces<Piece>(...all: Piece[]): AsyncGenerator<Piece> {
  yield* all;
}

/** Paths of the files that this process has open. */
async function openPaths(): Promise<string[]> {
  const handles = await readdir('/proc/self/fd');
  return Promise.all(handles.map((handle) => readlink(`/proc/self/fd/${handle}`).catch(() => '')));
}

describe('openSources', () => {
  it('reads a file exactly as readFileSync does, in small chunks, without a copy', async () => {
    await using folder = await temporaryFolder();
    const [source] = await readAllSources({ file: book }, join(folder.path, 'run'));
    expect(source?.text === (await readFile(book, 'utf8'))).toBe(true);
    expect(Math.max(...(source?.chunks ?? []).map(({ text }) => text.length))).toBeLessThanOrEqual(65_536);
    expect(source?.info).toEqual({
      index: 0,
      name: basename(book),
      path: book,
      mediaType: 'text/plain',
      encoding: 'utf-8',
      bytes: (await stat(book)).size,
      textFile: book,
    });
    await expect(stat(join(folder.path, 'run'))).rejects.toThrow('ENOENT');
  });

  it('keeps the byte order mark and the line ends of a file', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'crlf.txt');
    await writeFile(file, '\ufeffone\r\ntwo\r\n');
    const [source] = await readAllSources({ file }, folder.path);
    expect(source?.text).toBe('\ufeffone\r\ntwo\r\n');
    expect(source?.info.textFile).toBe(file);
  });

  it('reads strings, bytes, streams of every kind, URLs and lists of them, in order', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'a file.txt');
    await writeFile(file, 'from a file');
    const input: SourceInput = [
      'a text',
      { text: 'named', name: 'note' },
      Buffer.from('bytes'),
      [pieces('two ', 'pieces'), { stream: pieces(Buffer.from('standard input')), name: 'stdin' }],
      new Blob(['web stream']).stream(),
      Readable.from([Buffer.from('node '), Buffer.from('stream')]),
      pathToFileURL(file),
    ];
    const read = await readAllSources(input, folder.path);
    expect(read.map(({ info, text }) => [info.index, info.name, text])).toEqual([
      [0, 'text', 'a text'],
      [1, 'note', 'named'],
      [2, 'bytes', 'bytes'],
      [3, 'stream', 'two pieces'],
      [4, 'stdin', 'standard input'],
      [5, 'stream', 'web stream'],
      [6, 'stream', 'node stream'],
      [7, 'a file.txt', 'from a file'],
    ]);
  });

  it('takes a string as the text itself, whatever it looks like', async () => {
    await using folder = await temporaryFolder();
    for (const text of ['<html>a < b</html>', '%PDF-1.4 is how a PDF begins', 'a\0b', book]) {
      const [source] = await readAllSources(text, folder.path);
      expect(source).toMatchObject({ text, info: { mediaType: 'text/plain', encoding: 'utf-8' } });
    }
  });

  it('joins surrogate pairs and UTF-8 sequences that a stream cut', async () => {
    await using folder = await temporaryFolder();
    const owl = Buffer.from('🦉');
    const read = await readAllSources(
      [pieces('a\ud83e', '\udd89b'), pieces(owl.subarray(0, 1), owl.subarray(1, 3), owl.subarray(3))],
      folder.path,
    );
    expect(read.map(({ text }) => text)).toEqual(['a🦉b', '🦉']);
  });

  it('opens the same sources again from their records', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'page.html');
    await writeFile(file, '<p>html</p>');
    const input: SourceInput = [
      { file },
      'text',
      { stream: pieces(Buffer.from('caf\u00e9 noir, '.repeat(9), 'latin1')) },
    ];
    const records = recordSources(input);
    const first = await readAllSources(input, folder.path);
    const again = await readAllSources(JSON.parse(JSON.stringify(records)), folder.path);
    expect(first.map(({ text }) => text)).toEqual(['html', 'text', 'caf\u00e9 noir, '.repeat(9)]);
    expect(again).toEqual(first);
  });

  it('names files of one name by as much of their paths as tells them apart, each time the same', async () => {
    await using folder = await temporaryFolder();
    for (const path of ['2023/notes.txt', '2024/notes.txt', 'other.txt', 'more/notes.txt', 'more/in/a.txt']) {
      await mkdir(dirname(join(folder.path, path)), { recursive: true });
      await writeFile(join(folder.path, path), path);
    }
    const input: SourceInput = [
      ...['2023/notes.txt', '2024/notes.txt', 'other.txt'].map((path) => ({ file: join(folder.path, path) })),
      { directory: join(folder.path, 'more') },
    ];
    const names = ['2023/notes.txt', '2024/notes.txt', 'other.txt', 'more/in/a.txt', 'more/notes.txt'];
    const read = await readAllSources(input, folder.path);
    expect(read.map(({ info }) => info.name)).toEqual(names);
    expect(read.map(({ text }) => text)).toEqual(names);
    expect(await readAllSources(recordSources(input), folder.path)).toEqual(read);
  });

  it('tells the format by its first bytes where the name does not', async () => {
    await using folder = await temporaryFolder();
    const read = await readAllSources(
      [
        makePdf([['a page']]),
        makeDocx('<w:p><w:r><w:t>word</w:t></w:r></w:p>'),
        Buffer.from('\ufeff \n<!DOCTYPE html><p>tags'),
        Buffer.from('{"a": 1}'),
        Buffer.from('const magic = "%PDF-1.7"; // how a PDF begins'),
        Buffer.from('%PDF- is how a PDF begins'),
        Buffer.concat([Buffer.from('\ufeff\r\n'), makePdf([['behind a mark']])]),
        Buffer.concat([Buffer.from([0, 1, 2, 3, 255, 0, 254]), makePdf([['behind junk']])]),
      ],
      folder.path,
    );
    expect(read.map(({ info, text }) => [info.mediaType.split(/[.+]/).at(-1), text.trim()])).toEqual([
      ['application/pdf', 'a page'],
      ['document', 'word'],
      ['text/html', 'tags'],
      ['text/plain', '{"a": 1}'],
      ['text/plain', 'const magic = "%PDF-1.7"; // how a PDF begins'],
      ['text/plain', '%PDF- is how a PDF begins'],
      ['application/pdf', 'behind a mark'],
      ['application/pdf', 'behind junk'],
    ]);
  });

  it.skipIf(process.platform === 'win32')(
    'keeps what comes through a named pipe, as of <(command)',
    async () => {
      await using folder = await temporaryFolder();
      const file = join(folder.path, 'pipe');
      execFileSync('mkfifo', [file]);
      const records = recordSources({ file });
      expect(records).toEqual([{ kind: 'spool', file: 'spool/0', name: 'pipe' }]);
      const [read] = await Promise.all([
        readAllSources({ file }, folder.path),
        writeFile(file, 'through a pipe'),
      ]);
      expect(read).toMatchObject([{ text: 'through a pipe', info: { name: 'pipe' } }]);
      expect(await readAllSources(records, folder.path)).toEqual(read);
    },
  );

  it('follows what the caller says about media type and encoding', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'page.txt');
    await writeFile(file, Buffer.from('<p>\u0416</p>', 'utf16le'));
    const [source] = await readAllSources(
      { file, mediaType: 'text/html', encoding: 'UTF-16LE' },
      folder.path,
    );
    expect(source).toMatchObject({ text: '\u0416', info: { encoding: 'utf-16le', textFile: 'text/0.txt' } });
    await expect(readAllSources({ file, encoding: 'klingon' }, folder.path)).rejects.toMatchObject({
      code: 'invalid-option',
      message: expect.stringContaining('"klingon"'),
    });
  });

  it.skipIf(process.platform !== 'linux')('closes a file that nobody read', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'a.txt');
    await writeFile(file, 'a');
    for await (const { info } of openSources({ file }, { folder: async () => folder.path })) {
      expect(await openPaths()).toContain(info.path);
    }
    expect(await openPaths()).not.toContain(file);
  });

  it('begins to read before the source has come to its end', async () => {
    await using folder = await temporaryFolder();
    const never = Promise.withResolvers<never>();
    async function* endless(): AsyncGenerator<string> {
      yield 'first';
      yield await never.promise;
    }
    const sources = openSources(endless(), { folder: async () => folder.path });
    const { value: source } = await sources.next();
    const { value: chunk } = await source.chunks[Symbol.asyncIterator]().next();
    expect(chunk).toEqual({ text: 'first' });
    const abandoned = sources.return(undefined);
    never.reject(new Error('too late'));
    await abandoned;
  });
});

describe('abort', () => {
  it('stops a source that hangs, with the reason of the signal, and tells the stream', async () => {
    await using folder = await temporaryFolder();
    const cancelled = Promise.withResolvers<void>();
    const hanging = new ReadableStream<string>({
      start: (controller) => controller.enqueue('first'),
      cancel: () => cancelled.resolve(),
    });
    const controller = new AbortController();
    const reason = new Error('stopped by the user');
    const sources = openSources(hanging, { folder: async () => folder.path, signal: controller.signal });
    const { value: source } = await sources.next();
    const chunks = source.chunks[Symbol.asyncIterator]();
    await chunks.next();
    const pending = chunks.next();
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
    await cancelled.promise;
    await sources.return(undefined);
  });

  it('stops a file between two chunks', async () => {
    await using folder = await temporaryFolder();
    const controller = new AbortController();
    const sources = openSources(
      { file: book },
      { folder: async () => folder.path, signal: controller.signal },
    );
    const { value: source } = await sources.next();
    const chunks = source.chunks[Symbol.asyncIterator]();
    await chunks.next();
    controller.abort('enough');
    await expect(chunks.next()).rejects.toBe('enough');
  });

  it('opens nothing when it came first', async () => {
    await using folder = await temporaryFolder();
    const signal = AbortSignal.abort('early');
    await expect(readAllSources({ file: book }, folder.path, { signal })).rejects.toBe('early');
    await expect(readAllSources(pieces('a'), folder.path, { signal })).rejects.toBe('early');
    await mkdir(join(folder.path, 'empty'));
    await expect(readAllSources({ directory: folder.path }, folder.path, { signal })).rejects.toBe('early');
  });
});
