import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ReadSource, readAllSources, temporaryFolder } from './read-all-sources.ts';
import { docxCell, docxParagraph, makeDocx, makeEpub, makePdf } from './sample-documents.ts';
import { createSpanReader } from './span-reader.ts';

/** Reads a document and checks what holds for every format: its text can be read again, and is always the same. */
async function readDocument(name: string, content: Uint8Array | string): Promise<ReadSource> {
  await using folder = await temporaryFolder();
  const file = join(folder.path, name);
  await writeFile(file, content);
  const [source] = await readAllSources({ file }, folder.path);
  if (!source) throw new Error('no source was opened');
  const reader = createSpanReader({ folder: async () => folder.path, sources: [source.info] });
  const byteEnd = Buffer.byteLength(source.text);
  expect(await reader.read({ source: 0, byteStart: 0, byteEnd })).toBe(source.text);
  expect(await readAllSources({ file }, folder.path)).toEqual([source]);
  return source;
}

describe('PDF', () => {
  it('gives lines and paragraphs, and says where each page begins', async () => {
    const { info, chunks } = await readDocument(
      'a.pdf',
      makePdf([
        ['The first line of', 'a paragraph.', '', 'A second paragraph', 'of two lines.'],
        [],
        ['Page three.'],
      ]),
    );
    expect(info).toMatchObject({ mediaType: 'application/pdf', textFile: 'text/0.txt' });
    expect(info).not.toHaveProperty('encoding');
    expect(chunks).toEqual([
      { page: 1, text: 'The first line of\na paragraph.\n\nA second paragraph\nof two lines.\n\n' },
      { page: 3, text: 'Page three.\n\n' },
    ]);
  });

  it('stops between pages when aborted', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'a.pdf');
    await writeFile(file, makePdf([['one'], ['two']]));
    const controller = new AbortController();
    const reading = readAllSources({ file }, folder.path, { signal: controller.signal });
    controller.abort('enough');
    await expect(reading).rejects.toBe('enough');
  });
});

describe('DOCX', () => {
  it('gives paragraphs and the rows of tables', async () => {
    const rows = [
      ['a', 'b'],
      ['c', 'd'],
    ].map((cells) => `<w:tr>${cells.map(docxCell).join('')}</w:tr>`);
    const table = `<w:tbl>${rows.join('')}</w:tbl>`;
    const { text } = await readDocument(
      'a.docx',
      makeDocx(docxParagraph('Größe &amp; &lt;b&gt;') + docxParagraph('Two.') + table),
    );
    expect(text).toBe('Größe & <b>\n\nTwo.\n\na\tb\nc\td');
  });
});

describe('EPUB', () => {
  it('gives the chapters in the order of the spine', async () => {
    const { text, info } = await readDocument(
      'a.epub',
      makeEpub({
        'chapter one.xhtml': '<html><head><title/></head><body><h1>One</h1><p>Begin.</p></body></html>',
        'b/two.xhtml': Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><p>Fin, é.</p>', 'latin1'),
      }),
    );
    expect(text).toBe('One\n\nBegin.\n\nFin, é.');
    expect(info.mediaType).toBe('application/epub+zip');
  });

  it('says that a chapter is encrypted instead of reading noise', async () => {
    const noise = createHash('sha512').update('noise').digest();
    const book = makeEpub({ 'a.xhtml': Buffer.concat([noise, Buffer.alloc(9), noise]) });
    await expect(readDocument('a.epub', book)).rejects.toMatchObject({
      code: 'source-unreadable',
      message: expect.stringContaining('protected (DRM)'),
    });
  });
});

describe('HTML', () => {
  it.each([
    ['utf-8 without a declaration', Buffer.from('<p>Žluťoučký kůň</p>'), 'Žluťoučký kůň', 'utf-8'],
    [
      'a declared encoding',
      Buffer.from('3c6d65746120636861727365743d77696e646f77732d313235323e80', 'hex'),
      '€',
      'windows-1252',
    ],
    ['UTF-8 that declares something else', Buffer.from('<meta charset="iso-8859-1"><p>ž'), 'ž', 'utf-8'],
    ['UTF-16', Buffer.from('\ufeff<p>hi</p>', 'utf16le'), 'hi', 'utf-16le'],
  ])('reads %s', async (_, bytes, text, encoding) => {
    const source = await readDocument('a.html', bytes);
    expect(source).toMatchObject({
      text,
      info: { encoding, mediaType: 'text/html', textFile: 'text/0.txt' },
    });
  });
});

describe('text formats', () => {
  it.each([
    ['a.json', '{"b": [1,\n 2]}', 'application/json'],
    ['a.jsonl', '{"a":1}\n{"a":2}\n', 'application/jsonl'],
    ['a.csv', 'a,"b\r\nc"\r\n', 'text/csv'],
    ['README.md', '# A\n\n<b>as it is</b>', 'text/markdown'],
    ['a.ts', 'const a = 1 < 2;\n', 'text/plain'],
    ['a.log', '\u001b[31merror\u001b[0m\n', 'text/plain'],
    ['Makefile', 'all:\n\ttrue\n', 'text/plain'],
  ])('keeps %s as it is', async (name, content, mediaType) => {
    const { text, info } = await readDocument(name, content);
    expect(text).toBe(content);
    expect(info).toMatchObject({ name, mediaType, encoding: 'utf-8', textFile: info.path });
  });
});
