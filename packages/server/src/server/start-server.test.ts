/** What only happens on a real connection: clients that leave, and clients that make no sense. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type RunningServer, startServer } from './start-server.ts';

vi.setConfig({ testTimeout: 60_000 });

let home: string;
let server: RunningServer;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'memagent-start-'));
  server = await startServer({ home });
});
afterEach(async () => {
  await server.close();
  await rm(home, { recursive: true, force: true });
});

const received = async (): Promise<string[]> => readdir(join(home, 'files')).catch(() => []);

const form =
  '--x\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\ncontent-type: text/plain\r\n\r\n';

test.each([
  ['a chat', '/v1/chat/completions', 'application/json', '{"messages":[{"role":"user","content":"'],
  ['a file', '/v1/files', 'multipart/form-data; boundary=x', form],
  ['a run', '/v1/runs', 'multipart/form-data; boundary=x', form],
])('%s whose sender leaves in the middle leaves nothing behind', async (_name, path, type, head) => {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  const request = [
    `POST ${path} HTTP/1.1`,
    'host: localhost',
    `content-type: ${type}`,
    'content-length: 100000000',
    '\r\n',
  ];
  socket.write(request.join('\r\n') + head);
  // Until something of it lies on the disk.
  const more = setInterval(() => socket.write('The wind came from the south. '.repeat(5000)), 5);
  await expect.poll(received, { timeout: 20_000 }).toHaveLength(1);
  clearInterval(more);
  socket.destroy();
  await expect.poll(received, { timeout: 20_000 }).toEqual([]);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});

test.each([
  '\u0000\u0001\u0002',
  'GET / HTTP/9.9\r\n\r\n',
  'POST /v1/runs HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n',
])('bytes that are no request (%j) end their connection alone', async (bytes) => {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.resume();
  socket.end(bytes);
  await once(socket, 'close');
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});

test('an address that is not served, or not by that method, is a 404 in the shape of OpenAI', async () => {
  for (const [method, path] of [
    ['GET', '/v1/chat/completions'],
    ['PUT', '/v1/runs'],
    ['GET', '/v1'],
    ['GET', '/nothing'],
  ] as const) {
    const response = await fetch(`${server.url}${path}`, { method });
    expect({ path, status: response.status }).toEqual({ path, status: 404 });
    expect(await response.json()).toMatchObject({ error: { code: 'not_found' } });
  }
});
