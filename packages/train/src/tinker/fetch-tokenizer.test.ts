import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHuggingFaceTokenizer, loadChatEncoder } from '@memagent/core';
import { expect, onTestFinished, test } from 'vitest';
import { fetchTokenizer } from './fetch-tokenizer.ts';

const fixture = new URL('../../checkpoints/tiny/', import.meta.url);

/** A hub that serves files at `/OWNER/NAME/resolve/main/PATH`, with ranges, as the real one does. */
async function serveHub(files: Record<string, Buffer>, { token }: { token?: string } = {}) {
  const asked: string[] = [];
  const server = createServer(({ url = '', headers }, response) => {
    asked.push(url);
    if (token !== undefined && headers.authorization !== `Bearer ${token}`) {
      response.writeHead(401).end('no');
      return;
    }
    const content = files[/\/resolve\/main\/(.*)$/.exec(url)?.[1] ?? ''];
    if (!content) {
      response.writeHead(404, { 'x-error-code': 'EntryNotFound' }).end();
      return;
    }
    const [, from = '0', to = ''] = /bytes=(\d+)-(\d*)/.exec(headers.range ?? '') ?? [];
    const last = to === '' ? content.length - 1 : Math.min(Number(to), content.length - 1);
    response.writeHead(headers.range ? 206 : 200, {
      etag: '"1"',
      'content-range': `bytes ${from}-${last}/${content.length}`,
    });
    response.end(content.subarray(Number(from), last + 1));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

async function cache(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'memagent-hub-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

const published = async () => ({
  'tokenizer.json': await readFile(new URL('tokenizer.json', fixture)),
  'tokenizer_config.json': await readFile(new URL('tokenizer_config.json', fixture)),
});

test('files are fetched once, byte for byte, and can be loaded', async () => {
  const files = { ...(await published()), 'chat_template.jinja': Buffer.from('{{ messages[0].content }}') };
  const { url, asked } = await serveHub(files, { token: 'hf_secret' });
  const options = { model: 'owner/name', cacheFolder: await cache(), hubUrl: `${url}/`, token: 'hf_secret' };
  const folder = await fetchTokenizer(options);
  expect((await readdir(folder)).toSorted()).toEqual(Object.keys(files).toSorted());
  for (const [name, content] of Object.entries(files)) {
    expect(await readFile(join(folder, name))).toEqual(content);
  }
  expect((await createHuggingFaceTokenizer({ tokenizer: folder })).count('find baba')).toBe(2);
  expect((await loadChatEncoder(folder)).encode([{ role: 'user', content: 'baba' }])).toHaveLength(1);

  const before = asked.length;
  expect(await fetchTokenizer({ ...options, hubUrl: 'http://127.0.0.1:9' })).toBe(folder);
  expect(asked).toHaveLength(before);
});

test('a model without a template of its own file needs none', async () => {
  const { url } = await serveHub(await published());
  const folder = await fetchTokenizer({ model: 'owner/name', cacheFolder: await cache(), hubUrl: url });
  expect((await readdir(folder)).toSorted()).toEqual(['tokenizer.json', 'tokenizer_config.json']);
});

test('what cannot be had is an error that says what to do, and leaves nothing behind', async () => {
  const cacheFolder = await cache();
  const { url } = await serveHub(await published(), { token: 'hf_secret' });
  const { 'tokenizer.json': _, ...withoutTokenizer } = await published();
  const { url: incomplete } = await serveHub(withoutTokenizer);
  const attempts: [Parameters<typeof fetchTokenizer>[0], RegExp][] = [
    [{ model: 'owner/name', cacheFolder, hubUrl: url }, /status 401\).*set HF_TOKEN/],
    [{ model: 'owner/name', cacheFolder, hubUrl: incomplete }, /it has no tokenizer\.json/],
    [
      { model: 'owner/name', cacheFolder, hubUrl: 'http://127.0.0.1:9' },
      /cannot be reached .*--tokenizer FOLDER\), or name a mirror in HF_ENDPOINT/,
    ],
    [{ model: '../name', cacheFolder, hubUrl: url }, /not a name on the hub/],
  ];
  for (const [options, message] of attempts) {
    await expect(fetchTokenizer(options)).rejects.toMatchObject({
      code: 'invalid-tokenizer',
      message: expect.stringMatching(message),
    });
  }
  expect(await readdir(cacheFolder)).toEqual([]);
});
