import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFileStore, type FileStore, safeName } from './file-store.ts';

let folder: string;
let store: FileStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memagent-files-'));
  store = createFileStore(join(folder, 'files'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function* content(...pieces: (string | Uint8Array | Error)[]): AsyncGenerator<string | Uint8Array> {
  for (const piece of pieces) {
    if (piece instanceof Error) throw piece;
    yield piece;
  }
}

test('a file is kept under its name, found by its id, and gone when it is deleted', async () => {
  expect(await store.list()).toEqual([]);
  const file = await store.add({ filename: 'a.txt', content: content('é', Buffer.from('!')) });
  expect(file).toMatchObject({ filename: 'a.txt', bytes: 3 });
  expect(await store.find(file.id)).toEqual(file);
  expect(await readFile(store.pathOf(file), 'utf8')).toBe('é!');
  expect(await createFileStore(join(folder, 'files')).list()).toEqual([file]);
  await store.delete(file.id);
  expect(await store.find(file.id)).toBeUndefined();
  await store.delete(file.id);
});

test('files of runs are not listed, and the newest comes first', async () => {
  const first = await store.add({ filename: 'a', content: content('1') });
  await store.add({ filename: 'b', runId: 'run-1', content: content('2') });
  const second = await store.add({ filename: 'c', content: content('3') });
  expect(new Set(await store.list())).toEqual(new Set([first, second]));
});

test('a file whose stream fails leaves nothing; what a process left that died is swept', async () => {
  const failed = store.add({ filename: 'a', content: content('1', new Error('cut off')) });
  await expect(failed).rejects.toThrow('cut off');
  expect(await readdir(join(folder, 'files'))).toEqual([]);

  const reached = Promise.withResolvers<void>();
  void store.add({
    filename: 'a',
    content: (async function* stuck() {
      yield '1';
      reached.resolve();
      await new Promise(() => {});
    })(),
  });
  await reached.promise;
  expect(await readdir(join(folder, 'files'))).toHaveLength(1);
  expect(await store.list()).toEqual([]);
  await store.sweep(Date.now() - 60_000);
  expect(await readdir(join(folder, 'files'))).toHaveLength(1);
  await store.sweep(Date.now() + 60_000);
  expect(await readdir(join(folder, 'files'))).toEqual([]);
});

test.each(['../../a', 'file-../../a', `file-${'0'.repeat(32)}/..`, ''])(
  '%j is the id of no file',
  async (id) => {
    expect(await store.find(id)).toBeUndefined();
    await store.delete(id);
  },
);

test.each([
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\a\\report.pdf', 'report.pdf'],
  ['..', 'file'],
  ['.env', 'env'],
  ['a\u0000b\nc.txt', 'a_b_c.txt'],
  ['', 'file'],
  ['Übersicht 2026.txt', 'Übersicht 2026.txt'],
  [`${'ä'.repeat(300)}.txt`, `${'ä'.repeat(24)}…${'ä'.repeat(20)}.txt`],
])('the name %j becomes %j', (given, name) => {
  expect(safeName(given)).toBe(name);
});
