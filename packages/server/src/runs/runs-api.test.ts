import { type LoopbackServer, startLoopbackServer } from '@memagent/core/testing';
import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  createTestServer,
  loopbackModel,
  readEvents,
  sampleQuestion,
  sampleText,
  type TestServer,
} from '../test-server.ts';
import type { RunView } from './run-view.ts';

vi.setConfig({ testTimeout: 60_000 });

let model: LoopbackServer;
let server: TestServer;
/** Called at each request to the model, before its reply; whether that never comes. */
let hangsAt: (number: number) => boolean;

beforeEach(async () => {
  hangsAt = () => false;
  model = await startLoopbackServer({ faults: (number) => (hangsAt(number) ? 'hang' : undefined) });
  server = await createTestServer({ models: [loopbackModel(model.baseUrl)] });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await model.close();
});

const small = { sectionTokens: 100, memoryTokens: 128, outputTokens: 128 };

function newRun(paragraphs = 12): object {
  return {
    question: sampleQuestion,
    documents: [{ text: sampleText(paragraphs), name: 'keepers.txt' }],
    settings: small,
  };
}

async function finished(runId: string): Promise<RunView> {
  await readEvents(await server.call('GET', `/v1/runs/${runId}/events`));
  return server.json('GET', `/v1/runs/${runId}`);
}

test('a run is begun with text, watched to its end, and shown with its answer', async () => {
  const created = await server.call('POST', '/v1/runs', newRun());
  expect(created.status).toBe(201);
  const run = (await created.json()) as RunView;
  expect(run).toMatchObject({
    status: 'running',
    model: 'memagent/loopback',
    origin: 'runs',
    documents: [{ name: 'keepers.txt' }],
    result: null,
  });
  expect(created.headers.get('location')).toBe(`/v1/runs/${run.runId}`);

  const events = await readEvents(await server.call('GET', `/v1/runs/${run.runId}/events`));
  expect(events.map(({ id }) => Number(id))).toEqual(events.map((_, index) => index + 1));
  expect(events[0]).toMatchObject({ event: 'run-start' });
  expect(events.at(-1)).toMatchObject({ event: 'run-end' });

  const shown = await server.json<RunView>('GET', `/v1/runs/${run.runId}`);
  expect(shown).toMatchObject({ status: 'finished', result: { runId: run.runId, found: true } });
  expect(shown.result?.['answer']).toContain('Ada Holm');
  expect(shown.sections).toBe(shown.result?.['sections']);
});

test('whoever lost the connection goes on behind the last event that came; at the end there is nothing', async () => {
  const { runId } = await server.json<RunView>('POST', '/v1/runs', newRun());
  const path = `/v1/runs/${runId}/events`;
  const first = await readEvents(await server.call('GET', path), ({ id }) => id === '5');
  const rest = await readEvents(await server.call('GET', path, undefined, { 'last-event-id': '5' }));
  const all = await readEvents(await server.call('GET', path));
  expect([...first, ...rest]).toEqual(all);
  expect(await readEvents(await server.call('GET', `${path}?after=5`))).toEqual(rest);
  const end = String(all.length);
  expect((await server.call('GET', path, undefined, { 'last-event-id': end })).status).toBe(204);
});

test('the trace is the events, one a line, and a section can be read again', async () => {
  const { runId } = await server.json<RunView>('POST', '/v1/runs', newRun());
  const { result } = await finished(runId);
  const response = await server.call('GET', `/v1/runs/${runId}/trace`);
  expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${runId}.jsonl"`);
  const lines = (await response.text()).trimEnd().split('\n');
  const events = await readEvents(await server.call('GET', `/v1/runs/${runId}/events`));
  expect(lines).toEqual(events.map(({ data }) => data));

  const spans = [];
  for (let number = 1; number <= Number(result?.['sections']); number++) {
    const section = await server.json<{ spans: { text: string; source: string }[] }>(
      'GET',
      `/v1/runs/${runId}/sections/${number}`,
    );
    spans.push(...section.spans);
  }
  expect(spans.map(({ text }) => text).join('')).toBe(sampleText());
  expect(spans[0]?.source).toBe('keepers.txt');
  expect((await server.call('GET', `/v1/runs/${runId}/sections/999`)).status).toBe(404);
});

test('a run that is paused stops its calls at once, and ends as another when it is resumed', async () => {
  const whole = await finished((await server.json<RunView>('POST', '/v1/runs', newRun())).runId);
  const calls = model.stats.requests;

  const reached = Promise.withResolvers<void>();
  hangsAt = (number) => {
    if (number === calls + 4) reached.resolve();
    return number === calls + 4;
  };
  const { runId } = await server.json<RunView>('POST', '/v1/runs', newRun());
  await reached.promise;
  const paused = await server.json<RunView>('POST', `/v1/runs/${runId}/pause`);
  expect(paused).toMatchObject({ status: 'stopped', result: null });
  await expect.poll(() => model.stats.aborted, { timeout: 20_000 }).toBe(1);
  expect(model.stats.requests).toBe(calls + 4);

  expect(await server.json('POST', `/v1/runs/${runId}/resume`)).toMatchObject({ status: 'running' });
  const resumed = await finished(runId);
  expect(resumed.result).toMatchObject({
    answer: whole.result?.['answer'],
    memory: whole.result?.['memory'],
    citations: whole.result?.['citations'],
  });
  expect(model.stats.requests).toBe(2 * calls + 1);
  expect(await server.json('POST', `/v1/runs/${runId}/resume`)).toMatchObject({
    error: { code: 'run-finished' },
  });
  expect(await server.json('POST', `/v1/runs/${runId}/cancel`)).toMatchObject({ status: 'finished' });
});

test('a run that is cancelled stops its calls for good, and keeps what it has read', async () => {
  const reached = Promise.withResolvers<void>();
  hangsAt = (number) => {
    if (number === 4) reached.resolve();
    return number === 4;
  };
  const { runId } = await server.json<RunView>('POST', '/v1/runs', newRun());
  await reached.promise;
  const path = `/v1/runs/${runId}`;
  expect(await server.json('POST', `${path}/cancel`)).toMatchObject({ status: 'cancelled', result: null });
  await expect.poll(() => model.stats.aborted, { timeout: 20_000 }).toBe(1);
  expect(await server.json('POST', `${path}/cancel`)).toMatchObject({ status: 'cancelled' });
  expect(await server.json('POST', `${path}/resume`)).toMatchObject({ error: { code: 'run-cancelled' } });
  expect(await server.json('GET', '/v1/runs?status=cancelled')).toMatchObject({ data: [{ runId }] });
  expect(await server.json('GET', '/v1/runs?status=stopped')).toMatchObject({ data: [] });
  const events = await readEvents(await server.call('GET', `${path}/events`));
  expect(events.filter(({ event }) => event === 'memory-updated')).toHaveLength(3);
  expect(events.at(-1)).toMatchObject({ event: 'run-stop' });
  expect(model.stats.requests).toBe(4);
});

test('a paused run can be cancelled', async () => {
  const { runId } = await server.json<RunView>('POST', '/v1/runs', {
    ...newRun(),
    settings: { ...small, maxTokens: 2000 },
  });
  expect(await finished(runId)).toMatchObject({ status: 'stopped' });
  expect(await server.json('POST', `/v1/runs/${runId}/cancel`)).toMatchObject({ status: 'cancelled' });
});

test('a run that reached a limit goes on with a new one', async () => {
  const { runId } = await server.json<RunView>('POST', '/v1/runs', {
    ...newRun(),
    settings: { ...small, maxTokens: 2000 },
  });
  expect(await finished(runId)).toMatchObject({ status: 'stopped' });
  await server.json('POST', `/v1/runs/${runId}/resume`, { maxTokens: 1_000_000 });
  expect(await finished(runId)).toMatchObject({ status: 'finished' });
});

test('runs that the last process left unfinished go on by themselves', async () => {
  const reached = Promise.withResolvers<void>();
  hangsAt = (number) => {
    if (number === 3) reached.resolve();
    return number === 3;
  };
  const { runId } = await server.json<RunView>('POST', '/v1/runs', newRun());
  await reached.promise;
  await server.close();
  const { home } = server;
  server = await createTestServer({ home, models: [loopbackModel(model.baseUrl)] });
  expect(await server.start()).toEqual({ resumed: 1 });
  const { result } = await finished(runId);
  expect(result?.['answer']).toContain('Ada Holm');
});

test('a form brings files and names others; what it brought is deleted with the run', async () => {
  const uploaded = new FormData();
  uploaded.set('file', new File([sampleText(4)], 'four.txt'));
  uploaded.set('purpose', 'user_data');
  const { id } = await server.json<{ id: string }>('POST', '/v1/files', uploaded);

  const form = new FormData();
  form.append('file', new File([sampleText(8)], '../..\\eight.txt'));
  form.append('file', new File([sampleText(2)], 'two.txt'));
  form.set('documents', JSON.stringify([{ fileId: id }]));
  form.set('question', sampleQuestion);
  form.set('model', 'memagent/evidence');
  form.set('settings', JSON.stringify({ sectionTokens: 200 }));
  const response = await server.call('POST', '/v1/runs', form);
  const run = (await response.json()) as RunView;
  expect(run).toMatchObject({
    model: 'memagent/evidence',
    documents: [{ name: 'eight.txt' }, { name: 'two.txt' }, { name: 'four.txt' }],
  });
  expect((await finished(run.runId)).result).toMatchObject({ found: true, model: null });

  expect(await readdir(`${server.home}/files`)).toHaveLength(3);
  expect(await server.json('DELETE', `/v1/runs/${run.runId}`)).toEqual({ runId: run.runId, deleted: true });
  expect(await readdir(`${server.home}/files`)).toEqual([id]);
  expect((await server.call('GET', `/v1/runs/${run.runId}`)).status).toBe(404);
});

test('the list is searched and paged, newest first', async () => {
  const ids: string[] = [];
  for (const [name, question] of [
    ['a.txt', 'Who built the lighthouse?'],
    ['b.txt', 'How many barrels of oil were there on day 1?'],
    ['c.txt', 'Who wrote in the book?'],
  ]) {
    const { runId } = await server.json<RunView>('POST', '/v1/runs', {
      question,
      documents: [{ text: sampleText(3), name }],
      model: 'evidence',
    });
    await finished(runId);
    ids.unshift(runId);
  }
  type Page = { data: RunView[]; hasMore: boolean; next: string | null };
  const list = async (query: string): Promise<Page> => server.json<Page>('GET', `/v1/runs?${query}`);
  const idsOf = ({ data }: Page): string[] => data.map(({ runId }) => runId);

  expect(idsOf(await list(''))).toEqual(ids);
  const first = await list('limit=2');
  expect(idsOf(first)).toEqual(ids.slice(0, 2));
  expect(first).toMatchObject({ hasMore: true, next: ids[1] });
  const second = await list(`limit=2&after=${first.next}`);
  expect(idsOf(second)).toEqual(ids.slice(2));
  expect(second).toMatchObject({ hasMore: false, next: null });
  expect(idsOf(await list('search=OIL%20b.txt'))).toEqual([ids[1]]);
  expect(idsOf(await list('search=who&limit=1'))).toEqual([ids[0]]);
  expect(idsOf(await list('status=running'))).toEqual([]);
  expect(await list('limit=0')).toMatchObject({ error: { code: 'invalid_request', param: 'limit' } });
});

test('an estimate begins no run and keeps no file', async () => {
  const form = new FormData();
  form.set('file', new File([sampleText(40)], 'keepers.txt'));
  form.set('question', sampleQuestion);
  form.set('settings', JSON.stringify(small));
  const estimated = await server.json('POST', '/v1/runs/estimate', form);
  expect(estimated).toMatchObject({ model: 'loopback.chat/loopback', strategy: 'memory', exact: true });
  expect(Number(estimated['sections'])).toBeGreaterThan(10);
  expect(Number(estimated['calls'])).toBe(Number(estimated['sections']) + 1);
  expect(model.stats.requests).toBe(0);
  expect(await server.json('GET', '/v1/runs')).toMatchObject({ data: [] });
  expect(await readdir(`${server.home}/files`)).toEqual([]);
});

const text = [{ text: sampleText(2) }];
test.each([
  ['no question', { documents: text }, 400, 'question'],
  ['no document', { question: 'Who?', documents: [] }, 400, 'documents'],
  ['an unknown model', { question: 'Who?', documents: text, model: 'gpt' }, 404, 'model'],
  ['an unknown setting', { question: 'Who?', documents: text, settings: { size: 1 } }, 400, 'settings'],
  ['an unknown file', { question: 'Who?', documents: [{ fileId: 'file-1' }] }, 400, 'fileId'],
  ['an unknown sample', { question: 'Who?', documents: [{ sample: 'x' }] }, 400, 'sample'],
  ['a path', { question: 'Who?', documents: [{ path: '/etc/passwd' }] }, 400, null],
  ['a URL', { question: 'Who?', documents: [{ url: 'http://example.org/' }] }, 400, null],
  ['a question that is too long', { question: 'Who? '.repeat(5000), documents: text }, 400, null],
  ['a window that is too small', { question: 'Who?', documents: text, settings: { window: 600 } }, 400, null],
  ['a document without words', { question: 'Who?', documents: [{ text: ' \n ' }] }, 400, null],
])('%s is refused, and nothing is left behind', async (_name, body, status, param) => {
  const response = await server.call('POST', '/v1/runs', body);
  expect({ status: response.status, body: await response.json() }).toMatchObject({
    status,
    body: { error: { type: 'invalid_request_error', param } },
  });
  expect(await server.json('GET', '/v1/runs')).toMatchObject({ data: [] });
});

test('an error names a document as its sender does, not where it lies here', async () => {
  const form = new FormData();
  form.set('file', new File([new Uint8Array(2000).map((_, index) => (index * 7919) % 256)], 'noise.bin'));
  form.set('question', sampleQuestion);
  const { error } = await server.json<{ error: { message: string } }>('POST', '/v1/runs', form);
  expect(error.message).toMatch(/^Cannot read noise\.bin: /);
  expect(await readdir(`${server.home}/files`)).toEqual([]);
});

test('a form that ends too early leaves nothing behind', async () => {
  const body = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\nHello';
  const response = await server.app.request('http://localhost/v1/runs', {
    method: 'POST',
    headers: { host: 'localhost', 'content-type': 'multipart/form-data; boundary=x' },
    body,
  });
  expect(response.status).toBe(400);
  expect(await readdir(`${server.home}/files`)).toEqual([]);
});

test.each([
  ['GET', '/v1/runs/none', 404],
  ['GET', '/v1/runs/none/events', 404],
  ['GET', '/v1/runs/none/trace', 404],
  ['POST', '/v1/runs/none/pause', 404],
  ['POST', '/v1/runs/none/cancel', 404],
  ['POST', '/v1/runs/none/resume', 404],
  ['DELETE', '/v1/runs/none', 404],
])('%s %s is answered with 404', async (method, path, status) => {
  const response = await server.call(method, path);
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ error: { code: 'run-not-found' } });
});
