import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordSources } from './list-sources.ts';
import { readAllSources, temporaryFolder } from './read-all-sources.ts';
import { createSpanReader } from './span-reader.ts';
import { walkDirectory } from './walk-directory.ts';

async function writeTree(root: string, files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
}

async function namesIn(
  directory: string,
  onSkip: (name: string, reason: string) => void = () => {},
): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of walkDirectory(directory, onSkip)) names.push(name);
  return names;
}

describe('walkDirectory', () => {
  it('lists files in the order of their paths, but for hidden ones and node_modules', async () => {
    await using folder = await temporaryFolder();
    await writeTree(folder.path, {
      'b/c.md': '',
      'b.txt': '',
      'b-c/a': '',
      B: '',
      é: '',
      '.env.example': '',
      '.git/config': '',
      'sub/.git': '',
      'b/node_modules/x/index.js': '',
      '.svn/entries': '',
    });
    expect(await namesIn(folder.path)).toEqual(['B', 'b-c/a', 'b.txt', 'b/c.md', 'é']);
  });

  it('respects .gitignore files, also nested ones and those above', async () => {
    await using folder = await temporaryFolder();
    const repository = join(folder.path, 'repository');
    await writeTree(folder.path, {
      '.gitignore': '*.txt',
      'repository/.git/HEAD': '',
      'repository/.gitignore': '*.log\n/dist\ncache/\n',
      'repository/dist/a.txt': '',
      'repository/a.log': '',
      'repository/src/dist/a.txt': '',
      'repository/Dist/a.txt': '',
      'repository/src/.gitignore': '!keep.log\n/own.txt\n',
      'repository/src/keep.log': '',
      'repository/src/lose.log': '',
      'repository/src/own.txt': '',
      'repository/src/cache/a.txt': '',
      'repository/src/inner/own.txt': '',
    });
    const inSrc = ['dist/a.txt', 'inner/own.txt', 'keep.log'];
    expect(await namesIn(repository)).toEqual(['Dist/a.txt', ...inSrc.map((name) => `src/${name}`)]);
    expect(await namesIn(join(repository, 'src'))).toEqual(inSrc);
    // Whoever names an ignored folder wants to read it.
    expect(await namesIn(join(repository, 'dist'))).toEqual(['a.txt']);
  });

  it('does not follow symbolic links', async () => {
    await using folder = await temporaryFolder();
    await writeTree(folder.path, { 'outside/secret.txt': 'secret', 'inside/a.txt': 'a' });
    const inside = join(folder.path, 'inside');
    await symlink('..', join(inside, 'loop'));
    await symlink('../outside/secret.txt', join(inside, 'link.txt'));
    const skipped: string[] = [];
    expect(await namesIn(inside, (name) => skipped.push(name))).toEqual(['a.txt']);
    expect(skipped).toEqual(['link.txt', 'loop']);
    await symlink('inside', join(folder.path, 'alias'));
    expect(await namesIn(join(folder.path, 'alias'))).toEqual(['a.txt']);
  });
});

describe('a directory as a source', () => {
  it('skips what cannot be read, saying why, and counts what can', async () => {
    await using folder = await temporaryFolder();
    const directory = join(folder.path, 'documents');
    await writeTree(directory, {
      'a.txt': 'first',
      'blank.html': '<p>&nbsp;</p>',
      'broken.pdf': 'no PDF',
      empty: '',
      'image.png': Buffer.from('89504e470d0a1a0a0000000d', 'hex'),
      'sub/b.md': 'second',
    });
    const skipped: string[] = [];
    const options = { onSkip: (name: string, reason: string) => void skipped.push(`${name}: ${reason}`) };
    const read = await readAllSources([{ directory }, 'third'], folder.path, options);
    expect(read.map(({ info, text }) => [info.index, info.name, text])).toEqual([
      [0, 'a.txt', 'first'],
      [1, 'sub/b.md', 'second'],
      [2, 'text', 'third'],
    ]);
    expect(read[1]?.info.path).toBe(join(directory, 'sub/b.md'));
    expect(skipped).toEqual([
      expect.stringMatching(/^blank.html: it has no text/),
      expect.stringMatching(/^broken.pdf: it is no PDF or a damaged one/),
      expect.stringMatching(/^empty: it has no text/),
      expect.stringMatching(/^image.png: it is no text; it looks like a PNG image/),
    ]);
    const again = await readAllSources(recordSources([{ directory }, 'third']), folder.path);
    expect(again).toEqual(read);
  });

  it('forgets the text of a source that it skips', async () => {
    await using folder = await temporaryFolder();
    const directory = join(folder.path, 'documents');
    await writeTree(directory, { 'a.html': '<p>&nbsp;&nbsp;', 'b.txt': 'text' });
    const [source] = await readAllSources({ directory }, folder.path);
    const reader = createSpanReader({
      folder: async () => folder.path,
      sources: source ? [source.info] : [],
    });
    expect(await reader.read({ source: 0, byteStart: 0, byteEnd: 4 })).toBe('text');
  });

  it('is an error when nothing in it can be read', async () => {
    await using folder = await temporaryFolder();
    await writeTree(folder.path, { 'a/empty.txt': '' });
    await expect(readAllSources({ directory: folder.path }, folder.path)).rejects.toMatchObject({
      code: 'source-empty',
      message: expect.stringContaining(folder.path),
    });
  });
});
