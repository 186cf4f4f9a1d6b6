import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { loadHaystack, repeatSentences } from './haystack.ts';

it('is Great Expectations', async () => {
  const { name, sentences } = await loadHaystack();
  expect(name).toBe('Great Expectations');
  expect(sentences).toHaveLength(9671);
  expect(sentences[0]).toMatch(/^My father's family name being Pirrip/);
  expect(sentences.join(' ')).not.toMatch(/Gutenberg|Chapter [IVX]|\s\s/);
});

it.each(['text', 'gzip'])('is a file, named with its hash (%s)', async (kind) => {
  const path = await write(
    `essays.${kind === 'gzip' ? 'gz' : 'txt'}`,
    'One.  Two.\n\nThree',
    kind === 'gzip',
  );
  const { name, sentences } = await loadHaystack(path);
  expect(name).toMatch(/^essays\.\w+ \([\da-f]{8}\)$/);
  expect(sentences).toEqual(['One.', 'Two.', 'Three']);
});

it('repeats', async () => {
  const repeated = repeatSentences({ name: 'two', sentences: ['a', 'b'] });
  expect(repeated.take(5).toArray()).toEqual(['a', 'b', 'a', 'b', 'a']);
});

it.each([
  ['nothing there', undefined],
  ['no text', ' \n'],
  ['no UTF-8', new Uint8Array([0xff, 0xfe, 0x00])],
])('is refused: %s', async (_name, content) => {
  const path = content === undefined ? '/nowhere/essays.txt' : await write('bad.txt', content);
  await expect(loadHaystack(path)).rejects.toMatchObject({ code: 'source-unreadable', data: { path } });
});

async function write(name: string, content: string | Uint8Array, zip = false): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'memagent-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, name), zip ? gzipSync(content) : content);
  return join(folder, name);
}
