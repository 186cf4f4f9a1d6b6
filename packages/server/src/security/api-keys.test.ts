/** The check of API keys: who is let in, and that the time it takes does not depend on how much of a key is right. */
import { timingSafeEqual } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { createTestServer } from '../test-server.ts';

vi.mock(import('node:crypto'), async (original) => {
  const crypto = await original();
  return { ...crypto, timingSafeEqual: vi.fn<typeof timingSafeEqual>(crypto.timingSafeEqual) };
});

const first = 'first-key-of-many-characters';
const second = 'second-key-of-many-characters';

test('one of the keys opens every route, as a bearer token or X-API-Key', async () => {
  await using server = await createTestServer({ apiKeys: [first, second] });
  const status = async (headers: Record<string, string>): Promise<number> =>
    (await server.call('GET', '/v1/models', undefined, headers)).status;
  expect(await status({ authorization: `Bearer ${first}` })).toBe(200);
  expect(await status({ authorization: `bearer ${second}` })).toBe(200);
  expect(await status({ 'x-api-key': second })).toBe(200);
});

test.each([
  ['no key', {}],
  ['an empty key', { authorization: 'Bearer ' }],
  ['a key that begins right', { authorization: `Bearer ${first.slice(0, -1)}` }],
  ['a key that goes on', { authorization: `Bearer ${first}x` }],
  ['both keys at once', { authorization: `Bearer ${first},${second}` }],
  ['another scheme', { authorization: `Basic ${first}` }],
])('%s opens nothing', async (_name, headers) => {
  await using server = await createTestServer({ apiKeys: [first, second] });
  const routes = new Set(
    server.app.routes
      .filter(({ path, method }) => path.startsWith('/v1/') && method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replaceAll(/:\w+(\{[^}]*\})?/g, 'x')}`),
  );
  expect(routes.size).toBeGreaterThan(15);
  for (const route of routes) {
    const [method = '', path = ''] = route.split(' ');
    const response = await server.call(method, path, undefined, headers);
    expect({ route, status: response.status }).toEqual({ route, status: 401 });
    expect(await response.json()).toMatchObject({
      error: { type: 'authentication_error', code: 'invalid_api_key' },
    });
  }
});

test('digests of equal length are compared in constant time, with every key, right or wrong', async () => {
  await using server = await createTestServer({ apiKeys: [first, second] });
  for (const given of [first, second, 'x', first.slice(0, 5)]) {
    vi.mocked(timingSafeEqual).mockClear();
    await server.call('GET', '/v1/models', undefined, { authorization: `Bearer ${given}` });
    const { calls } = vi.mocked(timingSafeEqual).mock;
    expect(calls.map(([a, b]) => [a.byteLength, b.byteLength])).toEqual([
      [32, 32],
      [32, 32],
    ]);
  }
});

test('a key that could be guessed is refused when the server is made', async () => {
  await expect(createTestServer({ apiKeys: ['short'] })).rejects.toThrow('5 characters');
});

test('what tells nothing of anyone needs no key', async () => {
  await using server = await createTestServer({ apiKeys: [first] });
  for (const path of ['/healthz', '/docs', '/openapi.json']) {
    expect((await server.call('GET', path)).status).toBe(200);
  }
});
