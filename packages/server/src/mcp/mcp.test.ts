import { createMemoryRunStore, read } from '@memagent/core';
import { createScriptedModel } from '@memagent/core/testing';
import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { createHeldModel, heldBudgets, heldQuestion, heldText } from '../fixtures/held-model.ts';
import { createMcpService, type McpService, type McpServiceOptions } from './create-mcp-service.ts';
import { type RunState, runStateSchema } from './run-state.ts';

const text = heldText;
const question = heldQuestion;

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const close of opened.splice(0).toReversed()) await close();
});

function createService({ reading, ...options }: Partial<McpServiceOptions> = {}): McpService {
  const service = createMcpService({
    store: createMemoryRunStore(),
    version: '0.0.0',
    ...options,
    reading: { ...heldBudgets, ...reading },
  });
  opened.push(() => service.close());
  return service;
}

/** A client with default options, on a connection of its own. */
async function connect(service: McpService): Promise<Client> {
  const [here, there] = InMemoryTransport.createLinkedPair();
  await service.createServer().connect(there);
  const client = new Client({ name: 'test', version: '0.0.0' });
  await client.connect(here);
  opened.push(() => client.close());
  return client;
}

type CallOptions = Parameters<Client['callTool']>[1];

async function call(
  client: Client,
  name: string,
  input: Record<string, unknown>,
  options?: CallOptions,
): Promise<RunState> {
  const result = await client.callTool({ name, arguments: input }, options);
  if (result.isError === true) throw new Error(JSON.stringify(result.content));
  return runStateSchema.parse(result.structuredContent);
}

test('ask answers with citations, each a resource that holds the quoted text', async () => {
  const client = await connect(createService({ reading: { model: createHeldModel().model } }));
  const result = await client.callTool({ name: 'ask', arguments: { question, text, name: 'register' } });
  const state = runStateSchema.parse(result.structuredContent);
  expect(state).toMatchObject({ state: 'finished', answer: 'Person 0 lives in house 0. [1]', found: true });
  const [citation] = state.citations ?? [];
  expect(citation).toMatchObject({ source: 'register', supported: true, mark: 1 });
  expect(text.slice(citation!.start, citation!.end)).toBe(citation!.text);
  expect(state.usage).toMatchObject({ calls: state.sections + 1 });

  const link = result.content.find(({ type }) => type === 'resource_link');
  expect(link).toMatchObject({ uri: citation!.uri, mimeType: 'text/plain' });
  const { contents } = await client.readResource({ uri: citation!.uri });
  expect(contents).toEqual([{ uri: citation!.uri, mimeType: 'text/plain', text: citation!.text }]);

  const listed = await client.listResources();
  expect(listed.resources).toMatchObject([{ name: question, uri: `memagent://runs/${state.runId}` }]);
  const run = await client.readResource({ uri: listed.resources[0]!.uri });
  expect(JSON.parse((run.contents[0] as { text: string }).text)).toEqual(state);
  await expect(client.readResource({ uri: `${listed.resources[0]!.uri}/citations/9` })).rejects.toThrow(
    /not found/,
  );
});

test('a client of default options gets the answer of a run that takes five minutes', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  let clock = 0;
  const secondsPerCall = 20;
  const model = createScriptedModel(async () => {
    await new Promise((resolve) => setTimeout(resolve, secondsPerCall * 1000));
    return 'Person 0 lives in house 0. [1]';
  });
  const client = await connect(createService({ reading: { model } }));
  async function timed(work: Promise<RunState>): Promise<{ state: RunState; ms: number }> {
    const start = clock;
    const done = new AbortController();
    void work.catch(() => {}).finally(() => done.abort());
    while (!done.signal.aborted) {
      await vi.advanceTimersByTimeAsync(250);
      clock += 250;
      // What is read from disk meanwhile does not follow the clock of the test.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return { state: await work, ms: clock - start };
  }

  let { state, ms } = await timed(call(client, 'ask', { question, text }));
  expect(state).toMatchObject({ state: 'running', next: expect.stringContaining('wait') });
  let waits = 0;
  while (state.state === 'running') {
    expect(ms).toBeLessThan(60_000);
    ({ state, ms } = await timed(call(client, 'wait', { runId: state.runId })));
    waits++;
  }
  expect(state).toMatchObject({ state: 'finished', answer: 'Person 0 lives in house 0. [1]' });
  expect(model.requests.length * secondsPerCall).toBeGreaterThanOrEqual(300);
  expect(waits).toBeGreaterThanOrEqual(6);
});

test('progress is sent to those who ask for it, section by section', async () => {
  const client = await connect(createService({ reading: { model: createHeldModel().model } }));
  const heard: { progress: number; message?: string | undefined }[] = [];
  const state = await call(
    client,
    'ask',
    { question, text },
    { onprogress: ({ progress, message }) => heard.push({ progress, message }) },
  );
  expect(heard.map(({ progress }) => progress)).toEqual(
    Array.from({ length: state.sections }, (_, index) => index + 1),
  );
  expect(heard[1]?.message).toBe('Section 2');
});

test('a second pass is told of as going on from the first', async () => {
  const client = await connect(
    createService({ reading: { model: createHeldModel().model, strategy: 'reread' } }),
  );
  const heard: { progress: number; message?: string | undefined }[] = [];
  const { sections } = await call(
    client,
    'ask',
    { question, text },
    { onprogress: ({ progress, message }) => heard.push({ progress, message }) },
  );
  expect(heard.map(({ progress }) => progress)).toEqual(
    Array.from({ length: 2 * sections }, (_, index) => index + 1),
  );
  expect(heard[sections]?.message).toBe('Section 1, second pass');
});

test('a call that is given up stops the run, which resume goes on with', async () => {
  const store = createMemoryRunStore();
  const stuck = createHeldModel(2);
  const client = await connect(createService({ store, reading: { model: stuck.model } }));
  const leaving = new AbortController();
  const asked = call(client, 'ask', { question, text }, { signal: leaving.signal });
  await stuck.reached;
  leaving.abort('enough');
  await expect(asked).rejects.toThrow(/enough/);
  await expect.poll(async () => (await store.list())[0]?.status, { timeout: 20_000 }).toBe('stopped');
  const { runId } = (await store.list())[0]!;
  expect(await call(client, 'wait', { runId })).toMatchObject({
    state: 'stopped',
    reason: expect.stringContaining('cancelled'),
    next: expect.stringContaining('resume'),
  });
  const before = stuck.model.requests.length;
  expect(await call(client, 'resume', { runId })).toMatchObject({ state: 'finished', found: true });
  const { sections } = (await store.get(runId))!.result!;
  // Two sections were read; the third was asked again, and it and the rest, and the answer, are all that is left.
  expect(stuck.model.requests.length - before).toBe(sections - 2 + 1);
});

test('a wait that is given up, or a connection that is lost, leaves the run alone', async () => {
  const stuck = createHeldModel(2);
  const service = createService({ answerWithinMs: 50, reading: { model: stuck.model } });
  const client = await connect(service);
  const { runId, state } = await call(client, 'ask', { question, text });
  expect(state).toBe('running');
  await stuck.reached;
  const leaving = new AbortController();
  const waiting = call(client, 'wait', { runId }, { signal: leaving.signal });
  leaving.abort('enough');
  await expect(waiting).rejects.toThrow(/enough/);
  const lost = call(client, 'ask_again', { runId, question: 'Who lives in house 4?' }).catch(() => {});
  await client.close();
  await lost;
  stuck.letGo();
  const other = await connect(service);
  let run = await call(other, 'wait', { runId });
  while (run.state === 'running') run = await call(other, 'wait', { runId });
  expect(run).toMatchObject({ state: 'finished' });
});

test('cancel stops a run that goes on, and show_run tells what it had read', async () => {
  const stuck = createHeldModel(2);
  const client = await connect(createService({ answerWithinMs: 50, reading: { model: stuck.model } }));
  const { runId } = await call(client, 'ask', { question, text, name: 'register' });
  await stuck.reached;
  expect(await call(client, 'cancel', { runId })).toMatchObject({ state: 'stopped', runId });
  expect(await call(client, 'cancel', { runId })).toMatchObject({ state: 'stopped' });
  const shown = await client.callTool({ name: 'show_run', arguments: { runId } });
  expect(shown.structuredContent).toMatchObject({
    run: { runId, state: 'stopped' },
    memory: 'Person 0 lives in house 0. [1]',
    documents: ['register'],
    settings: { strategy: 'memory', window: 4096 },
  });
});

test('another question of the same document needs no document, nor the file that it was sent from', async () => {
  const store = createMemoryRunStore();
  const client = await connect(createService({ store, reading: { model: createHeldModel().model } }));
  const first = await call(client, 'ask', { question, text, name: 'register' });
  const second = await call(client, 'ask_again', { runId: first.runId, question: 'Who lives in house 0?' });
  expect(second.runId).not.toBe(first.runId);
  expect(second.citations?.[0]).toMatchObject({ source: 'register', text: first.citations![0]!.text });
  const listed = await client.callTool({ name: 'list_runs', arguments: {} });
  expect(listed.structuredContent).toMatchObject({
    runs: [{ question: 'Who lives in house 0?' }, { question, state: 'finished' }],
  });
  const third = await call(client, 'ask_again', { runId: second.runId, question });
  expect(third).toMatchObject({ state: 'finished', sections: first.sections });
});

async function inputOf(client: Client): Promise<string[]> {
  const { tools } = await client.listTools();
  return Object.keys(tools.find(({ name }) => name === 'ask')?.inputSchema.properties ?? {});
}

test('files are open under the roots alone, and only then offered', async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'memagent-mcp-')));
  writeFileSync(join(folder, 'register.txt'), text);
  const store = createMemoryRunStore();
  const open = await connect(
    createService({ store, roots: [folder], reading: { model: createHeldModel().model } }),
  );
  const state = await call(open, 'ask', { question, path: 'register.txt' });
  expect(state.citations?.[0]).toMatchObject({ source: 'register.txt', supported: true });
  await expect(call(open, 'ask', { question, path: '/etc/passwd' })).rejects.toThrow(/outside/);
  await expect(call(open, 'ask', { question, path: 'a', text })).rejects.toThrow(/2 of path, text and url/);
  await expect(call(open, 'ask', { question })).rejects.toThrow(/0 of path, text and url/);

  const closed = await connect(createService({ store, reading: { model: createHeldModel().model } }));
  expect(await inputOf(open)).toEqual(['question', 'path', 'text', 'name']);
  expect(await inputOf(closed)).toEqual(['question', 'text', 'name']);
  await expect(call(closed, 'ask', { question, path: 'register.txt' })).rejects.toThrow(/0 of path/);
  // What was open once is not open for ever.
  await expect(call(closed, 'ask_again', { runId: state.runId, question })).rejects.toThrow(
    /no folder was opened/,
  );
});

test('documents of allowed hosts are read, others are not', async () => {
  const site = createServer((_request, response) => response.end(text));
  await new Promise<void>((done) => site.listen(0, '127.0.0.1', done));
  opened.push(async () => {
    site.close();
    site.closeAllConnections();
  });
  const host = `127.0.0.1:${(site.address() as AddressInfo).port}`;
  const service = createService({ allowedHosts: [host], reading: { model: createHeldModel().model } });
  const client = await connect(service);
  const state = await call(client, 'ask', { question, url: `http://${host}/register.txt` });
  expect(state.citations?.[0]).toMatchObject({ source: 'register.txt', supported: true });
  const other = call(client, 'ask', { question, url: 'http://169.254.169.254/latest' });
  await expect(other).rejects.toThrow(/not one of the allowed hosts/);
  site.close();
  site.closeAllConnections();
  const again = await call(client, 'ask_again', { runId: state.runId, question: 'Who lives in house 0?' });
  expect(again).toMatchObject({ state: 'finished', sections: state.sections });
});

test('runs of other programs in the same store are nobody\u2019s business', async () => {
  const store = createMemoryRunStore();
  const foreign = read({ ...heldBudgets, store, question, source: text, model: createHeldModel().model });
  await foreign.result;
  const client = await connect(createService({ store }));
  for (const name of ['wait', 'show_run', 'cancel', 'resume']) {
    await expect(call(client, name, { runId: foreign.runId })).rejects.toThrow(/There is no run/);
  }
  expect((await client.callTool({ name: 'list_runs', arguments: {} })).structuredContent).toEqual({
    runs: [],
  });
  await expect(client.readResource({ uri: `memagent://runs/${foreign.runId}` })).rejects.toThrow(
    /There is no run/,
  );
});

test('what is wrong with a question is told, and leaves no run', async () => {
  const store = createMemoryRunStore();
  const client = await connect(createService({ store, reading: { model: createHeldModel().model } }));
  await expect(call(client, 'ask', { question: 'Where? '.repeat(500), text })).rejects.toThrow(
    /question has/,
  );
  await expect(call(client, 'ask', { question, text: ' ' })).rejects.toThrow(/no text/);
  expect(await store.list()).toEqual([]);
});

test('a model that fails stops the run, with the reason and how to go on', async () => {
  const failing = createScriptedModel((_call, index) =>
    index === 2 ? { error: new Error('the wire was cut') } : 'Person 0 lives in house 0. [1]',
  );
  const client = await connect(createService({ reading: { model: failing, retry: { retries: 0 } } }));
  const state = await call(client, 'ask', { question, text });
  expect(state).toMatchObject({ state: 'stopped', reason: expect.stringContaining('the wire was cut') });
  expect(await call(client, 'wait', { runId: state.runId })).toMatchObject({ state: 'stopped' });
  expect(await call(client, 'resume', { runId: state.runId })).toMatchObject({ state: 'finished' });
});

test('of two servers with one store, one works on a run and the other waits for it', async () => {
  const store = createMemoryRunStore();
  const stuck = createHeldModel(2);
  const first = await connect(createService({ store, answerWithinMs: 50, reading: { model: stuck.model } }));
  const idle = createHeldModel();
  const secondService = createService({ store, answerWithinMs: 10_000, reading: { model: idle.model } });
  const second = await connect(secondService);
  const { runId } = await call(first, 'ask', { question, text });
  await stuck.reached;
  for (const { result } of await secondService.resumeAll()) {
    await expect(result).rejects.toMatchObject({ code: 'run-locked' });
  }
  await expect(call(second, 'cancel', { runId })).rejects.toThrow(/another process|worked on/);
  const waiting = call(second, 'wait', { runId });
  stuck.letGo();
  expect(await waiting).toMatchObject({ state: 'finished', found: true });
  expect(idle.model.requests).toHaveLength(0);
});

test('what nobody works on any more, wait takes up and cancel stops', async () => {
  const store = createMemoryRunStore();
  const runIds: string[] = [];
  for (const stuck of [createHeldModel(2), createHeldModel(2)]) {
    const service = createService({ store, answerWithinMs: 50, reading: { model: stuck.model } });
    const client = await connect(service);
    runIds.push((await call(client, 'ask', { question, text })).runId);
    await stuck.reached;
    await service.close();
  }
  const client = await connect(createService({ store, reading: { model: createHeldModel().model } }));
  const [taken = '', left = ''] = runIds;
  expect(await call(client, 'wait', { runId: taken })).toMatchObject({ state: 'finished', found: true });
  expect(await call(client, 'cancel', { runId: left })).toMatchObject({ state: 'stopped' });
});

test('a key that a model\u2019s server repeats is told to nobody, and kept nowhere', async () => {
  const key = 'sk-0123456789';
  const store = createMemoryRunStore();
  const model = createScriptedModel([
    'Person 0 lives in house 0. [1]',
    { error: new Error(`bad key ${key}`) },
  ]);
  const client = await connect(
    createService({
      store,
      redact: (told) => told.replaceAll(key, '[key]'),
      reading: { model, retry: { retries: 1, minDelayMs: 1, maxDelayMs: 1 } },
    }),
  );
  const state = await call(client, 'ask', { question, text });
  const events = await Array.fromAsync(store.events(state.runId));
  const shown = await client.callTool({ name: 'show_run', arguments: { runId: state.runId } });
  const all = JSON.stringify([state, shown, events, await store.get(state.runId)]);
  expect(all).toContain('[key]');
  expect(all).not.toContain(key);
});
