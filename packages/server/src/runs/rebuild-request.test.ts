import { type LoopbackServer, startLoopbackServer } from '@memagent/core/testing';
import type { StoredEvent } from '@memagent/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  createTestServer,
  loopbackModel,
  readEvents,
  sampleQuestion,
  sampleText,
  type TestServer,
} from '../test-server.ts';
import type { StepRequest } from './rebuild-request.ts';
import type { RunView } from './run-view.ts';

let model: LoopbackServer;
let server: TestServer;

beforeEach(async () => {
  model = await startLoopbackServer();
  server = await createTestServer({ models: [loopbackModel(model.baseUrl)] });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await model.close();
});

async function finishedRun(strategy: string): Promise<{ runId: string; steps: string[] }> {
  const { runId } = await server.json<RunView>('POST', '/v1/runs', {
    question: sampleQuestion,
    documents: [{ text: sampleText(12), name: 'keepers.txt' }],
    settings: { strategy, sectionTokens: 100, memoryTokens: 128, outputTokens: 128 },
  });
  const events = await readEvents(await server.call('GET', `/v1/runs/${runId}/events`));
  const steps = events
    .map(({ data }) => JSON.parse(data ?? '') as StoredEvent)
    .flatMap((event) => (event.type === 'call-start' ? [event.step] : []));
  return { runId, steps };
}

/** What the server of the model received, in any order. */
function received(): string[] {
  return model.requests
    .map(({ messages }) => JSON.stringify(messages.map(({ content }) => content)))
    .toSorted();
}

test.each(['memory', 'reread', 'map-reduce', 'retrieve', 'refine'])(
  'every request of the strategy %s is made again word for word, and none is sent',
  async (strategy) => {
    const { runId, steps } = await finishedRun(strategy);
    const before = received();
    expect(steps.length).toBe(before.length);
    const rebuilt: string[] = [];
    for (const step of steps) {
      const query = new URLSearchParams({ step });
      const request = await server.json<StepRequest>('GET', `/v1/runs/${runId}/request?${query}`);
      expect(request.settings).toHaveProperty('maxOutputTokens');
      rebuilt.push(JSON.stringify(request.messages.map(({ content }) => content)));
    }
    expect(rebuilt.toSorted()).toEqual(before);
    expect(received()).toEqual(before);
    // The run itself is as it was.
    expect(await server.json('GET', `/v1/runs/${runId}`)).toMatchObject({ status: 'finished' });
  },
);

test('a step that asked nothing has no request', async () => {
  const { runId } = await finishedRun('memory');
  const response = await server.call('GET', `/v1/runs/${runId}/request?step=update/999`);
  expect(response.status).toBe(404);
});

test('a document is downloaded as it came, and is never a page of this origin', async () => {
  const form = new FormData();
  form.append('question', sampleQuestion);
  form.append('file', new File(['<script>alert(1)</script> Ada Holm built it.'], 'page.html'));
  const { runId } = await server.json<RunView>('POST', '/v1/runs', form);
  await readEvents(await server.call('GET', `/v1/runs/${runId}/events`));
  const response = await server.call('GET', `/v1/runs/${runId}/documents/0`);
  expect(await response.text()).toBe('<script>alert(1)</script> Ada Holm built it.');
  expect(response.headers.get('content-type')).toBe('application/octet-stream');
  expect(response.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''page.html");
  expect((await server.call('GET', `/v1/runs/${runId}/documents/1`)).status).toBe(404);
});

test('a text that was sent with the run is downloaded, too', async () => {
  const { runId } = await finishedRun('memory');
  const response = await server.call('GET', `/v1/runs/${runId}/documents/0`);
  expect(await response.text()).toBe(sampleText(12));
});

test('runs of a batch are listed by its name', async () => {
  const run = { question: sampleQuestion, documents: [{ text: sampleText(2) }] };
  const first = await server.json<RunView>('POST', '/v1/runs', { ...run, batch: 'lighthouses' });
  await server.json('POST', '/v1/runs', run);
  expect(first).toMatchObject({ batch: 'lighthouses' });
  const { data } = await server.json<{ data: RunView[] }>('GET', '/v1/runs?batch=lighthouses');
  expect(data.map(({ runId }) => runId)).toEqual([first.runId]);
});
