import {
  createScriptedModel,
  type LoopbackServer,
  promptMessages,
  type ScriptedModel,
  startLoopbackServer,
} from '@memagent/core/testing';
import { createMemoryRunStore, read, resume, type RunStore, type StoredEvent } from '@memagent/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  createTestServer,
  loopbackModel,
  readEvents,
  sampleQuestion,
  sampleText,
  type TestServer,
} from '../test-server.ts';
import { rebuildRequest, type StepRequest } from './rebuild-request.ts';
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

/** What the model was sent, in order: messages and the most tokens of the reply. */
function sentTo(scripted: ScriptedModel) {
  return scripted.requests.map((request) => ({
    messages: promptMessages(request).map(({ content }) => content),
    maxOutputTokens: request.maxOutputTokens,
  }));
}

/** The same of the requests that are made again for all attempts of the answer. */
async function rebuiltAnswers(store: RunStore, runId: string, attempts: number) {
  const run = await store.get(runId);
  const { signal } = new AbortController();
  const requests = await Promise.all(
    Array.from({ length: attempts }, (_, index) =>
      rebuildRequest(store, run!, 'answer', { attempt: index + 1, signal }),
    ),
  );
  expect(await rebuildRequest(store, run!, 'answer', { attempt: attempts + 1, signal })).toBeUndefined();
  return requests.map((request) => ({
    messages: request?.messages.map(({ content }) => content),
    maxOutputTokens: request?.settings['maxOutputTokens'],
  }));
}

describe('a step that was asked more than once', () => {
  const schema = z.object({ name: z.string(), year: z.int() });
  const settings = {
    sectionTokens: 100,
    memoryTokens: 128,
    outputTokens: 128,
    tokenizer: 'o200k_base' as const,
  };
  const source = { text: sampleText(4) };

  test('has the request of each attempt, also of those that say what was wrong with the reply before', async () => {
    const store = createMemoryRunStore();
    const replies = ['Ada Holm, 1874.', '{"found": true, "answer": {"name": "Ada Holm"}}'];
    const scripted = createScriptedModel((request) => {
      const isAnswer = promptMessages(request).some(({ content }) => content.includes('<schema>'));
      if (!isAnswer) return 'Ada Holm built the lighthouse in 1874. [1]';
      return replies.shift() ?? '{"found": true, "answer": {"name": "Ada Holm", "year": 1874}}';
    });
    const run = read({ ...settings, question: sampleQuestion, source, schema, model: scripted, store });
    await run.result;
    const sent = sentTo(scripted).slice(-3);
    expect(new Set(sent.map(({ messages }) => messages.join(''))).size).toBe(3);
    expect(await rebuiltAnswers(store, run.runId, 3)).toEqual(sent);
  });

  test('has those of the sessions before, too', async () => {
    const store = createMemoryRunStore();
    const stopping = new AbortController();
    const answers = [
      () => 'No JSON.',
      () => {
        stopping.abort(new Error('enough'));
        return 'Nothing.';
      },
      () => 'Not this, either.',
    ];
    const scripted = createScriptedModel((request) => {
      const isAnswer = promptMessages(request).some(({ content }) => content.includes('<schema>'));
      if (!isAnswer) return 'Ada Holm built the lighthouse in 1874. [1]';
      return answers.shift()?.() ?? '{"found": true, "answer": {"name": "Ada Holm", "year": 1874}}';
    });
    const begun = { ...settings, question: sampleQuestion, source, schema, model: scripted, store };
    const run = read({ ...begun, signal: stopping.signal });
    await expect(run.result).rejects.toThrow('enough');
    await resume({ runId: run.runId, model: scripted, store }).result;
    expect(await rebuiltAnswers(store, run.runId, 4)).toEqual(sentTo(scripted).slice(-4));
  });
});
