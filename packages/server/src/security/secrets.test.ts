/** No key is in a trace, a reply or a log: neither those that clients send nor that of the model's server. */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTestServer, readEvents, sampleQuestion, sampleText } from '../test-server.ts';

const clientKey = 'client-key-of-many-characters';
const modelKey = 'sk-model-key-of-many-characters';

/** A model's server that repeats the key in everything that goes wrong, as some do. */
async function startLeakyServer(status: 401 | 500): Promise<{ baseUrl: string; close: () => void }> {
  const app = new Hono();
  app.all('*', (context) => {
    const message = `Incorrect API key provided: ${context.req.header('authorization')}.`;
    return context.json({ error: { message, type: 'error', code: null, param: null } }, status);
  });
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }) as Server;
  if (!server.listening) await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}/v1`, close: () => server.close() };
}

/** Everything that a folder holds, names included. */
async function contentOf(folder: string): Promise<string> {
  const texts: string[] = [];
  for (const name of await readdir(folder, { recursive: true })) {
    const path = join(folder, name);
    texts.push(name, (await stat(path)).isFile() ? await readFile(path, 'latin1') : '');
  }
  return texts.join('\n');
}

function chat(content: string, stream = false): object {
  return {
    model: 'leaky',
    stream,
    messages: [
      { role: 'user', content },
      { role: 'user', content: sampleQuestion },
    ],
  };
}

test.each([401, 500] as const)('with a model whose server answers %i and repeats the key', async (status) => {
  const leaky = await startLeakyServer(status);
  const model = createOpenAICompatible({ name: 'leaky', baseURL: leaky.baseUrl, apiKey: modelKey })('leaky');
  const lines: string[] = [];
  await using server = await createTestServer({
    apiKeys: [clientKey],
    secrets: [modelKey],
    models: [
      {
        id: 'memagent/leaky',
        description: 'Repeats keys.',
        reading: { model, tokenizer: 'o200k_base' },
        session: { retry: { retries: 1, minDelayMs: 1, maxDelayMs: 1 } },
        upstream: { model: 'leaky', baseUrl: leaky.baseUrl, apiKey: modelKey },
      },
    ],
    log: (line) => lines.push(line),
  });
  const headers = { authorization: `Bearer ${clientKey}` };
  const replies: string[] = [];
  const call = async (method: string, path: string, body?: unknown): Promise<string> => {
    const text = await (await server.call(method, path, body, headers)).text();
    replies.push(text);
    return text;
  };
  const created = await call('POST', '/v1/runs', {
    question: sampleQuestion,
    documents: [{ text: sampleText(4) }],
  });
  const { runId } = JSON.parse(created) as { runId?: string };
  if (runId !== undefined) {
    const watched = await server.call('GET', `/v1/runs/${runId}/events`, undefined, headers);
    const events = await readEvents(watched);
    replies.push(JSON.stringify(events));
    await call('GET', `/v1/runs/${runId}/trace`);
    await call('GET', `/v1/runs/${runId}`);
  }
  const short = await call('POST', '/v1/chat/completions', chat('Hello'));
  expect(short).toContain(status === 500 ? '[key]' : 'upstream_refused');
  await call('POST', '/v1/chat/completions', chat(sampleText(400)));
  await call('POST', '/v1/chat/completions', chat(sampleText(400), true));
  await call('POST', '/v1/responses', { model: 'leaky', input: 'Hello' });
  await call('GET', `/v1/models?key=${clientKey}`);
  await server.call('GET', '/v1/models', undefined, { authorization: 'Bearer wrong-key-of-many-characters' });
  await server.close();
  leaky.close();

  // The words of the model's server come through, or this would show nothing.
  expect(replies.join('\n')).toContain('Incorrect API key provided: Bearer [key]');
  const everything = [...replies, ...lines, await contentOf(server.home)].join('\n');
  expect(lines.join('\n')).toContain('POST /v1/chat/completions 502');
  for (const secret of [clientKey, modelKey, 'wrong-key-of-many-characters']) {
    expect(everything).not.toContain(secret);
  }
});

test('an error that nobody foresaw says nothing of the inside of the server', async () => {
  const lines: string[] = [];
  await using server = await createTestServer({ log: (line) => lines.push(line), secrets: [modelKey] });
  server.app.get('/v1/fails', () => {
    throw new Error(`Cannot open /srv/inside with ${modelKey}`);
  });
  const response = await server.call('GET', '/v1/fails');
  expect(response.status).toBe(500);
  expect(await response.json()).toMatchObject({
    error: { code: 'internal_error', message: expect.not.stringContaining('inside') },
  });
  const log = lines.join('\n');
  expect(log).toContain('Cannot open /srv/inside with [key]');
  expect(log).not.toContain(modelKey);
});
