import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
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

  it('tells the format by its first bytes where the name does not', async () => {
    await using folder = await temporaryFolder();
    const read = await readAllSources(
      [
        makePdf([['a page']]),
        makeDocx('<w:p><w:r><w:t>word</w:t></w:r></w:p>'),
        Buffer.from('\ufeff \n<!DOCTYPE html><p>tags'),
        Buffer.from('{"a": 1}'),
      ],
      folder.path,
    );
    expect(read.map(({ info, text }) => [info.mediaType.split(/[.+]/).at(-1), text.trim()])).toEqual([
      ['application/pdf', 'a page'],
      ['document', 'word'],
      ['text/html', 'tags'],
      ['text/plain', '{"a": 1}'],
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

describe('errors of sources', () => {
  const cases: [name: string, content: Uint8Array | string, code: string, message: string][] = [
    ['empty.txt', '', 'source-empty', 'no text but white space'],
    ['blank.md', ' \n\t\r\n\u00a0', 'source-empty', 'no text but white space'],
    ['blank.html', '<html><script>1</script> </html>', 'source-empty', 'no text but white space'],
    ['scan.pdf', makePdf([[], []]), 'source-empty', 'may be scanned'],
    ['blank.docx', makeDocx('<w:p/>'), 'source-empty', 'no text but white space'],
    ['image.txt', Buffer.from('89504e470d0a1a0a0000000d', 'hex'), 'source-binary', 'a PNG image'],
    ['archive', Buffer.from('504b030414000000080021', 'hex'), 'source-binary', 'a ZIP archive'],
    ['data.bin', Buffer.from([1, 2, 0, 3, 200, 0, 0, 0]), 'source-binary', 'a binary file'],
    [
      'noise',
      Buffer.from(Array.from({ length: 300 }, (_, at) => ((at * 89) % 255) + 1)),
      'source-binary',
      'binary',
    ],
    ['broken.pdf', '%PDF-1.4 and nothing else', 'source-unreadable', 'a damaged one'],
    ['broken.docx', 'no zip', 'source-unreadable', 'no Word document'],
    ['broken.epub', 'no zip', 'source-unreadable', 'no EPUB'],
  ];
  it.each(cases)('%s', async (name, content, code, message) => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, name);
    await writeFile(file, content);
    await expect(readAllSources({ file }, folder.path)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(new RegExp(`^Cannot read ${file}: .*${message}.*\\.$`)),
    });
  });

  it('notices at the end that a long file is blank', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'blank.txt');
    await writeFile(file, ' '.repeat(3_000_000));
    await expect(readAllSources({ file }, folder.path)).rejects.toMatchObject({ code: 'source-empty' });
  });

  it('says already when sources are recorded that a path is missing or of the other kind', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'a.txt');
    await writeFile(file, 'a');
    await symlink(join(folder.path, 'loop'), join(folder.path, 'loop'));
    const wrong: [SourceInput, string][] = [
      [{ file: join(folder.path, 'missing') }, 'no such file'],
      [{ directory: join(folder.path, 'missing') }, 'no such file'],
      [{ file: folder.path }, 'Give it as { directory: path }'],
      [{ directory: file }, 'Give a file as { file: path }'],
      [{ file: join(folder.path, 'loop') }, 'lead in a circle'],
    ];
    for (const [input, message] of wrong) {
      expect(() => recordSources(input)).toThrow(
        expect.objectContaining({ code: 'source-unreadable', message: expect.stringContaining(message) }),
      );
    }
  });

  it('notices a file that is gone when it is opened again, before anything is read', async () => {
    await using folder = await temporaryFolder();
    const files = ['a.txt', 'b.txt'].map((name) => join(folder.path, name));
    for (const file of files) await writeFile(file, 'text');
    const records = recordSources(files.map((file) => ({ file })));
    await rm(files[1] ?? '');
    const sources = openSources(records, { folder: async () => folder.path });
    await expect(sources.next()).rejects.toMatchObject({ code: 'source-unreadable' });
  });

  it('refuses what is no source', () => {
    const refused: [unknown, string][] = [
      [new URL('https://example.org/book'), 'only file: URLs'],
      [42, '42 is not a source'],
      [null, 'null is not a source'],
      [{ path: 'a' }, 'an object with the keys path'],
      [[], 'the list of sources is empty'],
    ];
    for (const [input, message] of refused) {
      expect(() => recordSources(input as SourceInput)).toThrow(
        expect.objectContaining({ code: 'invalid-option', message: expect.stringContaining(message) }),
      );
    }
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
