/**
 * Through the interface, no files and no URLs of the server's are read unless it was started with a root or an
 * allowed host. What the gates themselves refuse is in `documents/*.test.ts`.
 */
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestServer, readEvents, sampleQuestion, sampleText, type TestServer } from '../test-server.ts';

let folder: string;
let root: string;
let web: Server;
let webHost: string;
/** What the web server was asked for. */
let visited: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memagent-documents-'));
  root = await mkdtemp(join(folder, 'root-'));
  await writeFile(join(folder, 'secret.txt'), sampleText());
  await writeFile(join(root, 'keepers.txt'), sampleText());
  await writeFile(join(root, '.env'), 'KEY=1');
  await symlink(join(folder, 'secret.txt'), join(root, 'link.txt'));
  visited = [];
  web = createServer(({ url = '' }, response) => {
    visited.push(url);
    if (url === '/redirect') response.writeHead(302, { location: `http://other.example/secret.txt` }).end();
    else response.writeHead(200, { 'content-type': 'text/plain' }).end(sampleText());
  }).listen(0, '127.0.0.1');
  await once(web, 'listening');
  webHost = `127.0.0.1:${(web.address() as AddressInfo).port}`;
});
afterEach(async () => {
  web.close();
  await rm(folder, { recursive: true, force: true });
});

async function ask(server: TestServer, document: object): Promise<{ status: number; answer?: unknown }> {
  const body = { question: sampleQuestion, documents: [document] };
  const response = await server.call('POST', '/v1/runs', body);
  const run = (await response.json()) as { runId?: string };
  if (run.runId === undefined) return { status: response.status };
  await readEvents(await server.call('GET', `/v1/runs/${run.runId}/events`));
  const { result } = await server.json<{ result: { answer: string } }>('GET', `/v1/runs/${run.runId}`);
  return { status: response.status, answer: result.answer };
}

test('a file under the root is read, and none beside it, above it, hidden in it or linked from it', async () => {
  await using server = await createTestServer({ roots: [root] });
  expect(await ask(server, { path: 'keepers.txt' })).toMatchObject({
    status: 201,
    answer: expect.stringContaining('Ada Holm'),
  });
  for (const path of [
    '../secret.txt',
    join(folder, 'secret.txt'),
    `${root}/../secret.txt`,
    '..%2fsecret.txt',
    'link.txt',
    '.env',
    '/etc/passwd',
    'keepers.txt\0',
    `file://${root}/keepers.txt`,
  ]) {
    expect(await ask(server, { path })).toEqual({ status: 400 });
  }
});

test('the folder of the server itself, with its runs and keys, cannot be named either', async () => {
  await using server = await createTestServer();
  expect(await ask(server, { path: `${server.home}/runs.sqlite` })).toEqual({ status: 400 });
  expect(await ask(server, { fileId: '../runs.sqlite' })).toEqual({ status: 400 });
  expect((await server.call('GET', '/v1/files/..%2f..%2fruns.sqlite/content')).status).toBe(404);
  expect((await server.call('DELETE', '/v1/files/..')).status).toBe(404);
  expect(await readdir(server.home)).not.toContain('secret.txt');
});

test('a URL is read only of a host that is allowed by name, and no redirect leads elsewhere', async () => {
  await using closed = await createTestServer();
  expect(await ask(closed, { url: `http://${webHost}/a.txt` })).toEqual({ status: 400 });
  expect(visited).toEqual([]);

  await using server = await createTestServer({ urlHosts: [webHost] });
  expect(await ask(server, { url: `http://${webHost}/a.txt` })).toMatchObject({
    status: 201,
    answer: expect.stringContaining('Ada Holm'),
  });
  expect(await ask(server, { url: `http://${webHost}/redirect` })).toEqual({ status: 400 });
  expect(await ask(server, { url: 'http://169.254.169.254/latest' })).toEqual({ status: 400 });
  expect(await ask(server, { url: `file://${root}/keepers.txt` })).toEqual({ status: 400 });
  expect(visited).toEqual(['/a.txt', '/redirect']);
  // Of what was refused, nothing is left.
  expect(await readdir(join(server.home, 'files'))).toHaveLength(1);
});

test('a name that leads to this machine is refused where the connection is made', async () => {
  const port = webHost.split(':')[1];
  await using server = await createTestServer({
    urlHosts: [`rebound.example:${port}`],
    lookup: (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
  });
  expect(await ask(server, { url: `http://rebound.example:${port}/a.txt` })).toEqual({ status: 400 });
  expect(visited).toEqual([]);
});

test('a document is no larger than a body may be', async () => {
  await using server = await createTestServer({ urlHosts: [webHost], maxBodyBytes: 1000 });
  expect(await ask(server, { url: `http://${webHost}/a.txt` })).toEqual({ status: 400 });
  expect(await readdir(join(server.home, 'files'))).toEqual([]);
});
