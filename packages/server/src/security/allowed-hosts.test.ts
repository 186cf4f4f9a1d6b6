/** The Host header: a page whose name was made to point to this machine (DNS rebinding) is refused. */
import { expect, test } from 'vitest';
import { createTestServer } from '../test-server.ts';

test.each(['localhost', 'localhost:8787', '127.0.0.1:8787', '[::1]:8787', 'LOCALHOST'])(
  'the server answers to %s',
  async (host) => {
    await using server = await createTestServer();
    expect((await server.call('GET', '/v1/models', undefined, { host })).status).toBe(200);
  },
);

test.each([
  'evil.example',
  'evil.example:8787',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  '',
  '192.168.0.7',
])('the server does not answer to %j, not even with its pages', async (host) => {
  await using server = await createTestServer();
  for (const path of ['/v1/models', '/docs', '/healthz']) {
    const response = await server.call('GET', path, undefined, { host });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: 'host_not_allowed' } });
  }
});

test('further names are allowed one by one', async () => {
  await using server = await createTestServer({ allowedHosts: ['Reader.example.org'] });
  const status = async (host: string): Promise<number> =>
    (await server.call('GET', '/v1/models', undefined, { host })).status;
  expect(await status('reader.example.org:443')).toBe(200);
  expect(await status('localhost')).toBe(200);
  expect(await status('other.example.org')).toBe(403);
});
