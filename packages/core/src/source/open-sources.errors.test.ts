import { rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordSources } from './list-sources.ts';
import { openSources } from './open-sources.ts';
import { readAllSources, temporaryFolder } from './read-all-sources.ts';
import { makeDocx, makePdf } from './sample-documents.ts';
import type { SourceInput } from './source.ts';

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
