/** Limits on the size of bodies, on requests in flight, and on runs, of all callers and of one key. */
import { type LoopbackServer, startLoopbackServer } from '@memagent/core/testing';
import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ServerOptions } from '../server/server-options.ts';
import { createTestServer, loopbackModel, readEvents, sampleText, type TestServer } from '../test-server.ts';

const keys = ['first-key-of-many-characters', 'second-key-of-many-characters'];
const as = (key: number): Record<string, string> => ({ authorization: `Bearer ${keys[key]}` });

let model: LoopbackServer;
beforeEach(async () => {
  model = await startLoopbackServer({ faults: () => 'hang' });
});
afterEach(() => model.close());

/** A server whose model never answers. */
const createStuckServer = (options: Partial<ServerOptions>): Promise<TestServer> =>
  createTestServer({ models: [loopbackModel(model.baseUrl)], ...options });

const newRun = { question: 'Who came?', documents: [{ text: sampleText(2) }] };
const longChat = {
  model: 'loopback',
  messages: [
    { role: 'user', content: sampleText(400) },
    { role: 'user', content: 'Who came?' },
  ],
};

const pieces = 64;

/** A body of unknown length, that counts how much of it was taken. */
function endless(head: string): { body: ReadableStream<Uint8Array>; taken: () => number } {
  let taken = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        taken += 1;
        if (taken > pieces) controller.close();
        else controller.enqueue(Buffer.from((taken === 1 ? head : '').padEnd(10_000, 'x')));
      },
    },
    { highWaterMark: 0 },
  );
  return { body, taken: () => taken };
}

test.each([
  ['/v1/chat/completions', 'application/json', `{"messages":[{"role":"user","content":"`],
  ['/v1/responses', 'application/json', `{"input":"`],
  ['/v1/runs', 'application/json', `{"question":"`],
  [
    '/v1/files',
    'multipart/form-data; boundary=x',
    '--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n',
  ],
  [
    '/v1/runs',
    'multipart/form-data; boundary=x',
    '--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n',
  ],
])('a body for %s (%s) that is too large is refused, and nothing of it is kept', async (path, type, head) => {
  await using server = await createStuckServer({ maxBodyBytes: 20_000 });
  const send = (body: ReadableStream<Uint8Array> | string, headers: object): Promise<Response> =>
    Promise.resolve(
      server.app.request(`http://localhost${path}`, {
        method: 'POST',
        headers: { host: 'localhost', 'content-type': type, ...headers },
        body,
        duplex: 'half',
      } as RequestInit),
    );
  const announced = await send('x', { 'content-length': '20001' });
  expect(announced.status).toBe(413);

  const { body, taken } = endless(head);
  const streamed = await send(body, {});
  expect(streamed.status).toBe(413);
  expect(await streamed.json()).toMatchObject({ error: { code: 'body_too_large' } });
  // It stops at the limit rather than at the end.
  expect(taken()).toBeLessThan(pieces / 4);
  expect(await readdir(`${server.home}/files`).catch(() => [])).toEqual([]);
});

test('requests beyond so many in flight are refused, and a stream is in flight until it ends or is left', async () => {
  await using server = await createStuckServer({ maxRequests: 2 });
  const { runId } = await server.json<{ runId: string }>('POST', '/v1/runs', newRun);
  const watching = await Promise.all([1, 2].map(() => server.call('GET', `/v1/runs/${runId}/events`)));
  const refused = await server.call('GET', '/v1/models');
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await refused.json()).toMatchObject({
    error: { type: 'rate_limit_error', code: 'too_many_requests' },
  });
  await watching[0]?.body?.cancel();
  // A reply that was read is over, too.
  expect(await server.json('GET', '/v1/models')).toHaveProperty('data');
  expect(await server.json('GET', '/v1/models')).toHaveProperty('data');
  await server.call('POST', `/v1/runs/${runId}/cancel`);
  await watching[1]?.body?.cancel();
});

test('runs beyond so many of one key are refused, another key has its own, and a run that ends makes room', async () => {
  await using server = await createStuckServer({ apiKeys: keys, maxRunsPerKey: 2 });
  const begin = async (key: number): Promise<Response> => server.call('POST', '/v1/runs', newRun, as(key));
  const first = await begin(0);
  expect([first.status, (await begin(0)).status]).toEqual([201, 201]);
  const refused = await begin(0);
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({ error: { code: 'limit-reached' } });
  // Chats count as well, and what they brought goes again.
  expect((await server.call('POST', '/v1/chat/completions', longChat, as(0))).status).toBe(429);
  expect(await readdir(`${server.home}/files`).catch(() => [])).toEqual([]);
  expect((await begin(1)).status).toBe(201);

  const { runId } = (await first.json()) as { runId: string };
  await server.call('POST', `/v1/runs/${runId}/cancel`, undefined, as(0));
  expect((await begin(0)).status).toBe(201);
  const resumed = await server.call('POST', `/v1/runs/${runId}/resume`, undefined, as(0));
  expect(resumed.status).toBe(429);
});

test('runs beyond so many of all callers are refused', async () => {
  await using server = await createStuckServer({ apiKeys: keys, maxRuns: 1 });
  expect((await server.call('POST', '/v1/runs', newRun, as(0))).status).toBe(201);
  expect((await server.call('POST', '/v1/runs', newRun, as(1))).status).toBe(429);
});

test('a stream of events has a beat, so that connections on which nothing happens stay', async () => {
  const { eventStream } = await import('../http/event-stream.ts');
  const response = eventStream(
    async function* silent(signal) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      yield 'never seen';
    },
    { signal: new AbortController().signal, heartbeatMs: 5 },
  );
  const [beat] = await readEvents(response, () => true);
  expect(beat).toEqual({ comment: '' });
});
