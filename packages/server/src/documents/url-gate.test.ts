import { createMemoryRunStore, read } from '@memagent/core';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, test } from 'vitest';
import { createUrlGate, isPublic } from './url-gate.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function listen(handler: RequestListener): Promise<{ host: string; port: number }> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { host: `127.0.0.1:${port}`, port };
}

async function textOf(
  source: Awaited<ReturnType<ReturnType<typeof createUrlGate>['open']>>,
): Promise<string> {
  if (!('stream' in source)) throw new Error('not a stream');
  const blocks: Uint8Array[] = [];
  for await (const block of source.stream as AsyncIterable<Uint8Array>) blocks.push(block);
  return Buffer.concat(blocks).toString();
}

test('a document of an allowed host, with its name, type and encoding', async () => {
  const { host } = await listen((request, response) => {
    response.setHeader('content-type', 'text/html; charset="ISO-8859-1"').end(`read ${request.url}`);
  });
  const source = await createUrlGate({ allowedHosts: [host] }).open(`http://${host}/books/one.html?x=1`);
  expect(source).toMatchObject({ name: 'one.html', mediaType: 'text/html', encoding: 'ISO-8859-1' });
  expect(await textOf(source)).toBe('read /books/one.html?x=1');
});

test.each([
  ['http://other.example/a', /other.example is not one of the allowed hosts: docs.example/],
  ['http://docs.example:8080/a', /docs.example:8080 is not one/],
  ['http://docs.example.evil.example/a', /not one/],
  ['http://user:word@docs.example/a', /user name/],
  ['file:///etc/passwd', /file: is not http/],
  ['ftp://docs.example/a', /ftp: is not http/],
  ['docs.example/a', /no URL/],
])('%s is refused before anything is looked up', async (url, message) => {
  const looked: string[] = [];
  const gate = createUrlGate({
    allowedHosts: ['docs.example'],
    lookup: (name, _options, callback) => {
      looked.push(name);
      callback(null, []);
    },
  });
  await expect(gate.open(url)).rejects.toMatchObject({
    code: 'invalid-option',
    message: expect.stringMatching(message),
  });
  expect(looked).toEqual([]);
});

test('without allowed hosts, none', async () => {
  await expect(createUrlGate({ allowedHosts: [] }).open('https://example.org/')).rejects.toThrow(
    /no host was allowed/,
  );
});

test('a redirect is followed within the allowed hosts, and no further', async () => {
  const other = await listen((_request, response) => response.end('secret'));
  const { host } = await listen((request, response) => {
    const to: Record<string, string> = {
      '/in': '/document',
      '/out': `http://${other.host}/`,
      '/file': 'file:///etc/passwd',
      '/round': '/round',
    };
    const location = to[request.url ?? ''];
    if (location === undefined) response.end('the document');
    else response.writeHead(302, { location }).end();
  });
  const gate = createUrlGate({ allowedHosts: [host] });
  const from = (path: string) => gate.open(`http://${host}${path}`);
  expect(await textOf(await from('/in'))).toBe('the document');
  await expect(from('/out')).rejects.toThrow(/is not one of the allowed hosts/);
  await expect(from('/file')).rejects.toThrow(/file: is not http/);
  await expect(from('/round')).rejects.toThrow(/redirected more than 5 times/);
});

test.each([
  ['127.0.0.1'],
  ['10.1.2.3'],
  ['169.254.169.254'],
  ['::1'],
  ['fd00::1'],
  ['::ffff:192.168.0.1'],
  ['0.0.0.0'],
])('a name that leads to %s is refused where the connection is made', async (address) => {
  let requests = 0;
  const { port } = await listen((_request, response) => {
    requests++;
    response.end('secret');
  });
  const gate = createUrlGate({
    allowedHosts: [`docs.example:${port}`],
    // The first address alone would have been harmless.
    lookup: (_name, _options, callback) =>
      callback(null, [
        { address: '93.184.215.14', family: 4 },
        { address, family: address.includes(':') ? 6 : 4 },
      ]),
  });
  await expect(gate.open(`http://docs.example:${port}/`)).rejects.toMatchObject({
    code: 'invalid-option',
    message: expect.stringContaining(`leads to ${address}, which is private`),
  });
  expect(requests).toBe(0);
});

test('addresses', () => {
  expect(['93.184.215.14', '2606:2800:220:1::1'].map(isPublic)).toEqual([true, true]);
  expect(['100.64.0.1', '224.0.0.1', '192.0.2.1', 'fe80::1', '::', 'name'].map(isPublic)).not.toContain(true);
});

test('a document waits for its reader, however long garbage is collected meanwhile', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const { host } = await listen((_request, response) => response.end('the document'));
  const source = await createUrlGate({ allowedHosts: [host] }).open(`http://${host}/`);
  for (let turn = 0; turn < 5; turn++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await textOf(source)).toBe('the document');
});

test('a document outlasts the call that opened it; a call that ends before it comes does not wait', async () => {
  const rest = Promise.withResolvers<void>();
  const { host } = await listen((request, response) => {
    if (request.url === '/never') return;
    response.write('the begin');
    void rest.promise.then(() => response.end('ning and the end'));
  });
  const gate = createUrlGate({ allowedHosts: [host] });
  const call = new AbortController();
  const source = await gate.open(`http://${host}/`, call.signal);
  call.abort(new Error('over'));
  rest.resolve();
  expect(await textOf(source)).toBe('the beginning and the end');

  const waiting = new AbortController();
  const opening = gate.open(`http://${host}/never`, waiting.signal);
  waiting.abort(new Error('enough'));
  await expect(opening).rejects.toThrow('enough');
});

test('failures say what happened', async () => {
  const { host } = await listen((request, response) => {
    if (request.url === '/long') response.end('x'.repeat(100));
    else response.writeHead(404).end();
  });
  const gate = createUrlGate({ allowedHosts: [host, '127.0.0.1:9'], maxBytes: 99 });
  await expect(gate.open(`http://${host}/none`)).rejects.toThrow(/status 404/);
  await expect(gate.open('http://127.0.0.1:9/')).rejects.toMatchObject({ code: 'source-unreadable' });
  await expect(textOf(await gate.open(`http://${host}/long`))).rejects.toThrow(/larger than the 99 bytes/);
  const stopped = AbortSignal.abort(new Error('stop'));
  await expect(gate.open(`http://${host}/long`, stopped)).rejects.toThrow('stop');
});

test('it is read as any other document', async () => {
  const { host } = await listen((_request, response) =>
    response.end('The estate is called Bald Hills. '.repeat(50)),
  );
  const source = await createUrlGate({ allowedHosts: [host] }).open(`http://${host}/book.txt`);
  const { citations } = await read({
    question: 'What is the estate called?',
    source,
    store: createMemoryRunStore(),
  }).result;
  expect(citations[0]).toMatchObject({ source: 'book.txt', supported: true });
});
