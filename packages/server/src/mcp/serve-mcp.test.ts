import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { createMemoryRunStore } from '@memagent/core';
import { startLoopbackServer } from '@memagent/core/testing';
import { Client, type ClientOptions, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { createMcpService, type McpService, type McpServiceOptions } from './create-mcp-service.ts';
import { type RunState, runStateSchema } from './run-state.ts';
import { serveMcp, type ServeMcpOptions } from './serve-mcp.ts';
import { serveMcpStdio } from './serve-mcp-stdio.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'memagent-mcp-')));
const fact = 'The harbour master of Oulu is called Aino Virtanen.';
const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

function createService(options: Partial<McpServiceOptions> = {}): McpService {
  const service = createMcpService({ store: createMemoryRunStore(), version: '0.0.0', ...options });
  opened.push(() => service.close());
  return service;
}

async function listen(service: McpService, options: ServeMcpOptions = {}): Promise<string> {
  const { url, close } = await serveMcp(service, options);
  opened.push(close);
  return url;
}

async function connect(
  url: string,
  options: ClientOptions = {},
  headers?: Record<string, string>,
): Promise<Client> {
  const client = new Client({ name: 'test', version: '0.0.0' }, options);
  await client.connect(
    new StreamableHTTPClientTransport(new URL(url), headers ? { requestInit: { headers } } : {}),
  );
  opened.push(() => client.close());
  return client;
}

function stateOf({ structuredContent, isError, content }: Awaited<ReturnType<Client['callTool']>>): RunState {
  if (isError === true) throw new Error(JSON.stringify(content));
  return runStateSchema.parse(structuredContent);
}

test(
  'a document of a million tokens is read through a server, with progress and true usage',
  { timeout: 180_000 },
  async () => {
    // 14 tokens a line of o200k_base, nearly.
    const lines = Array.from(
      { length: 90_000 },
      (_, index) => `On day ${index} the weather over the harbour was calm.\n`,
    );
    lines[61_803] = `${fact}\n`;
    writeFileSync(join(folder, 'log.txt'), lines.join(''));
    const upstream = await startLoopbackServer({ window: 70_000 });
    opened.push(() => upstream.close());
    const model = createOpenAICompatible({ name: 'loopback', baseURL: upstream.baseUrl }).chatModel(
      'loopback',
    );
    const service = createService({
      roots: [folder],
      reading: { model, tokenizer: 'o200k_base', window: 70_000, sectionTokens: 64_000 },
    });
    const client = await connect(await listen(service));
    const heard: number[] = [];
    let state = stateOf(
      await client.callTool(
        { name: 'ask', arguments: { question: 'Who is the harbour master of Oulu?', path: 'log.txt' } },
        { onprogress: ({ progress }) => heard.push(progress) },
      ),
    );
    while (state.state === 'running') {
      state = stateOf(await client.callTool({ name: 'wait', arguments: { runId: state.runId } }));
    }
    expect(state).toMatchObject({ state: 'finished', answer: expect.stringContaining('Aino Virtanen') });
    expect(state.citations?.[0]).toMatchObject({ source: 'log.txt', text: fact, supported: true });
    expect(state.sections).toBeGreaterThanOrEqual(16);
    expect(heard.slice(0, 3)).toEqual([1, 2, 3]);
    const sent = upstream.requests.reduce((sum, { promptTokens }) => sum + promptTokens, 0);
    expect(sent).toBeGreaterThan(1_000_000);
    expect(state.usage).toMatchObject({ promptTokens: sent, calls: upstream.requests.length });
  },
);

test.each<[string, string, ClientOptions]>([
  // Requests of that time are served one by one: leaving one says nothing to the server.
  ['of 2025', 'finished', {}],
  ['of 2026', 'stopped', { versionNegotiation: { mode: 'auto' } }],
])(
  'a client %s asks, waits, is told of progress, and leaves a run that ends as %s',
  async (_era, end, options) => {
    const upstream = await startLoopbackServer({ latencyMs: 20 });
    opened.push(() => upstream.close());
    const model = createOpenAICompatible({ name: 'loopback', baseURL: upstream.baseUrl }).chatModel(
      'loopback',
    );
    const question = 'Who is the harbour master of Oulu?';
    const text = `${'It rained on the harbour all day. '.repeat(4000)}${fact}`;

    const brief = createService({ answerWithinMs: 50, reading: { model } });
    const client = await connect(await listen(brief), options);
    const heard: number[] = [];
    const onprogress = ({ progress }: { progress: number }): number => heard.push(progress);
    let state = stateOf(await client.callTool({ name: 'ask', arguments: { question, text } }));
    while (state.state === 'running') {
      const input = { name: 'wait', arguments: { runId: state.runId } };
      state = stateOf(await client.callTool(input, { onprogress }));
    }
    expect(state.answer).toContain('Aino Virtanen');
    expect(heard.length).toBeGreaterThan(0);

    const store = createMemoryRunStore();
    const patient = await connect(await listen(createService({ store, reading: { model } })), options);
    const leaving = new AbortController();
    const asked = patient.callTool(
      { name: 'ask', arguments: { question, text } },
      { signal: leaving.signal, onprogress: () => leaving.abort('enough') },
    );
    await expect(asked).rejects.toThrow(/enough/);
    await expect.poll(async () => (await store.list())[0]?.status, { timeout: 20_000 }).toBe(end);
  },
);

test('a key is asked for, and told from a wrong one', async () => {
  const url = await listen(createService(), { apiKeys: ['another right key', 'the right key ...'] });
  await expect(connect(url)).rejects.toThrow(/missing or wrong/);
  await expect(connect(url, {}, { authorization: 'Bearer the wrong key' })).rejects.toThrow(
    /missing or wrong/,
  );
  const client = await connect(url, {}, { authorization: 'Bearer the right key ...' });
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual([
    'ask',
    'ask_again',
    'wait',
    'resume',
    'cancel',
    'list_runs',
    'show_run',
  ]);
});

test('an address that others reach is not listened on without a key', async () => {
  await expect(serveMcp(createService(), { host: '0.0.0.0' })).rejects.toThrow(/without an API key/);
  await expect(serveMcp(createService(), { host: '::' })).rejects.toThrow(/without an API key/);
  await expect(serveMcp(createService(), { host: 'server.example' })).rejects.toThrow(/without an API key/);
});

test('a port that is taken is told of', async () => {
  const port = Number(new URL(await listen(createService())).port);
  await expect(serveMcp(createService(), { port })).rejects.toMatchObject({
    code: 'invalid-option',
    message: expect.stringContaining(`port ${port}`),
  });
});

test('web pages of elsewhere, and names that lead here from elsewhere, are refused', async () => {
  const url = new URL(await listen(createService()));
  const status = (headers: Record<string, string>, path = url.pathname): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
      const sent = request(
        { host: url.hostname, port: url.port, path, method: 'POST', headers: { ...accepted, ...headers } },
        (response) => resolve(response.resume().statusCode),
      );
      sent.once('error', reject).end(body);
    });
  const accepted = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  expect(await status({})).toBe(200);
  expect(await status({ origin: 'http://localhost:3000' })).toBe(200);
  expect(await status({ origin: 'https://evil.example' })).toBe(403);
  expect(await status({ origin: 'null' })).toBe(403);
  expect(await status({ host: 'evil.example' })).toBe(403);
  expect(await status({}, '/')).toBe(404);
});

test('over stdio the service serves until its input ends', async () => {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const served = serveMcpStdio(createService(), { stdin, stdout });
  const replied = new Promise<string>((resolve) => stdout.once('data', (data) => resolve(String(data))));
  stdin.write(
    `${JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '0' } },
    })}\n`,
  );
  expect(JSON.parse(await replied)).toMatchObject({ id: 1, result: { serverInfo: { name: 'memagent' } } });
  stdin.end();
  await served;
  const stopped = AbortSignal.abort();
  await serveMcpStdio(createService(), {
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    signal: stopped,
  });
});
