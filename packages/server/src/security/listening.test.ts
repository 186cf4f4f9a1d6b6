/** The server listens on loopback, and refuses to listen elsewhere without an API key. */
import { mkdtemp, rm } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startServer } from '../server/start-server.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'memagent-listening-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const key = 'a-key-of-many-characters';

test.each(['0.0.0.0', '::', '192.0.2.1', 'example.org', '::ffff:192.0.2.1', ''])(
  'it does not listen on %j without a key',
  async (host) => {
    await expect(startServer({ home, host })).rejects.toMatchObject({ code: 'invalid-option' });
  },
);

test('unless told otherwise it listens on this machine alone', async () => {
  await using server = await startServer({ home });
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  const elsewhere = Object.values(networkInterfaces())
    .flat()
    .find((address) => address !== undefined && !address.internal && address.family === 'IPv4');
  if (elsewhere === undefined) return;
  const url = `http://${elsewhere.address}:${new URL(server.url).port}/healthz`;
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

test('with a key it listens elsewhere, by whatever name it is called, and serves nobody without the key', async () => {
  await using server = await startServer({ home, host: '0.0.0.0', apiKeys: [key] });
  const url = `http://127.0.0.1:${new URL(server.url).port}/v1/models`;
  expect((await fetch(url)).status).toBe(401);
  expect((await fetch(url, { headers: { authorization: `Bearer ${key}` } })).status).toBe(200);
});

test('a port that is taken is an error that says so', async () => {
  await using server = await startServer({ home });
  const port = Number(new URL(server.url).port);
  await expect(startServer({ home, port })).rejects.toMatchObject({
    code: 'invalid-option',
    message: expect.stringContaining(`port ${port}`),
  });
});
