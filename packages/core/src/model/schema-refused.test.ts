import { APICallError } from '@ai-sdk/provider';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { read } from '../run/read.ts';
import { collectEvents } from '../store/collect-events.ts';
import { createMemoryRunStore } from '../store/memory-run-store.ts';
import { createScriptedModel, promptMessages } from '../testing/scripted-model.ts';

const refusal = (message: string, statusCode = 400) =>
  new APICallError({ message, url: 'http://localhost', requestBodyValues: {}, statusCode });

const options = {
  question: 'Who built it?',
  schema: z.object({ name: z.string() }),
  source: 'Ada Holm built it.',
  tokenizer: 'o200k_base',
  retry: { retries: 0 },
};

test('a server that cannot hold the model to a schema is asked without, and that is told once', async () => {
  const formats: unknown[] = [];
  const model = createScriptedModel((call) => {
    if (!promptMessages(call)[0]?.content.includes('<schema>')) return 'Ada Holm built it. [1]';
    formats.push(call.responseFormat?.type);
    if (call.responseFormat) return { error: refusal("Invalid schema for response_format 'reply'") };
    return formats.length < 3 ? 'Ada.' : '{"found": true, "answer": {"name": "Ada Holm"}}';
  });
  const store = createMemoryRunStore();
  const run = read({ ...options, model, store });
  expect(await run.result).toMatchObject({ object: { name: 'Ada Holm' } });
  expect(formats).toEqual(['json', undefined, undefined]);
  const notices = (await collectEvents(store, run.runId)).filter(
    (event) => event.type === 'notice' && event.code === 'schema-unsupported',
  );
  expect(notices).toHaveLength(1);
});

test.each([
  ['of another kind', refusal('temperature must be below 1')],
  ['of another status', refusal('response_format broke the server', 500)],
])('a refusal %s is not taken for that', async (_name, error) => {
  const model = createScriptedModel((call) =>
    promptMessages(call)[0]?.content.includes('<schema>') ? { error } : 'Ada Holm built it. [1]',
  );
  await expect(read({ ...options, model, store: createMemoryRunStore() }).result).rejects.toMatchObject({
    code: 'model-failed',
  });
  expect(model.requests).toHaveLength(2);
});
