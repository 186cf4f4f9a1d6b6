import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateText, jsonSchema, Output, streamText, tool } from 'ai';
import { afterEach, expect, test } from 'vitest';
import { createSqliteRunStore } from '../store/sqlite-run-store.ts';
import { type LoopbackServer, startLoopbackServer } from '../testing/loopback-server.ts';
import { createScriptedModel } from '../testing/scripted-model.ts';
import { memagentModel, type MemagentModelOptions } from './memagent-model.ts';

const fact = 'The harbour master of Oulu is called Aino Virtanen.';
const question = 'Who is the harbour master of Oulu?';

// What a test provokes need not be printed.
globalThis.AI_SDK_LOG_WARNINGS = false;

let server: LoopbackServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function openModel(options: Parameters<typeof startLoopbackServer>[0] = {}) {
  server = await startLoopbackServer(options);
  return createOpenAICompatible({ name: 'loopback', baseURL: server.baseUrl, includeUsage: true }).chatModel(
    'loopback',
  );
}

/** A text of about so many lines of 14 tokens, with the fact two thirds through. */
function harbour(lines: number): string {
  const log = Array.from(
    { length: lines },
    (_, day) => `On day ${day} the weather over the harbour was calm.`,
  );
  log[Math.floor((lines * 2) / 3)] = fact;
  return log.join('\n');
}

function sent(): { promptTokens: number; requests: number } {
  const requests = server?.requests ?? [];
  return {
    promptTokens: requests.reduce((sum, { promptTokens }) => sum + promptTokens, 0),
    requests: requests.length,
  };
}

const reading: MemagentModelOptions = { tokenizer: 'o200k_base' };

test(
  'a million tokens are read and answered, with sources and the true usage',
  { timeout: 180_000 },
  async () => {
    const model = await openModel({ window: 70_000 });
    let sections = 0;
    const { text, sources, usage, finishReason, providerMetadata, response } = await generateText({
      model: memagentModel({
        ...reading,
        model,
        window: 70_000,
        sectionTokens: 64_000,
        onEvent: ({ type }) => (sections += type === 'section-start' ? 1 : 0),
      }),
      instructions: 'You know harbours.',
      messages: [
        { role: 'user', content: harbour(90_000) },
        { role: 'user', content: question },
      ],
    });
    expect(text).toContain('Aino Virtanen');
    expect(finishReason).toBe('stop');
    expect(sources[0]).toMatchObject({
      sourceType: 'document',
      filename: 'document',
      providerMetadata: { memagent: { text: fact, supported: true } },
    });
    const { promptTokens, requests } = sent();
    expect(promptTokens).toBeGreaterThan(1_000_000);
    expect(usage).toMatchObject({ inputTokens: promptTokens, raw: { calls: requests } });
    expect(usage.outputTokens).toBeGreaterThan(0);
    expect(sections).toBe(requests - 1);
    expect(response.modelId).toBe('memagent/loopback');
    expect(providerMetadata).toMatchObject({ memagent: { rule: 'longest-message', found: true, sections } });
  },
);

test('a stream ends in the same answer, sources and usage', async () => {
  const model = await openModel();
  const { text, sources, usage } = streamText({
    model: memagentModel({ ...reading, model }),
    prompt: `${harbour(1500)}\n\n${question}`,
  });
  expect(await text).toContain('Aino Virtanen');
  expect((await sources)[0]).toMatchObject({ sourceType: 'document' });
  expect(await usage).toMatchObject({ inputTokens: sent().promptTokens });
});

test('what fits the window goes to the model as it came, in both ways', async () => {
  const model = createScriptedModel(['plain', 'streamed']);
  const agent = memagentModel({ ...reading, model });
  const { text, sources } = await generateText({
    model: agent,
    instructions: 'Be brief.',
    prompt: 'Hello',
    maxOutputTokens: 50,
    tools: { weather: tool({ inputSchema: jsonSchema<object>({ type: 'object' }) }) },
  });
  expect({ text, sources }).toEqual({ text: 'plain', sources: [] });
  expect(model.requests[0]).toMatchObject({
    maxOutputTokens: 50,
    tools: [{ name: 'weather' }],
    prompt: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
    ],
  });
  expect(await streamText({ model: agent, prompt: 'Hello' }).text).toBe('streamed');
});

test('without a model it quotes, and counts no tokens', async () => {
  const { text, usage, response } = await generateText({
    model: memagentModel(),
    messages: [
      { role: 'user', content: harbour(30) },
      { role: 'user', content: question },
    ],
  });
  expect(text).toContain(fact.slice(0, -1));
  expect(usage).toMatchObject({ inputTokens: 0, outputTokens: 0 });
  expect(response.modelId).toBe('memagent/evidence');
});

test.each([
  ['text', 'text/plain', new TextEncoder().encode(harbour(30))],
  ['HTML', 'text/html', new TextEncoder().encode(`<h1>Log</h1><p>${harbour(30)}</p>`)],
])('a file of %s is the document', async (_name, mediaType, data) => {
  const { sources } = await generateText({
    model: memagentModel(),
    messages: [
      {
        role: 'user',
        content: [
          { type: 'file', mediaType, data, filename: 'harbour.log' },
          { type: 'text', text: question },
        ],
      },
    ],
  });
  expect(sources[0]).toMatchObject({
    filename: 'harbour.log',
    providerMetadata: { memagent: { supported: true } },
  });
});

test('a part that is marked is the document, however short', async () => {
  const { providerMetadata, sources } = await generateText({
    model: memagentModel(),
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: fact, providerOptions: { memagent: { document: true } } },
          { type: 'text', text: `${question} ${'Tell me all about it. '.repeat(10)}` },
        ],
      },
    ],
  });
  expect(providerMetadata).toMatchObject({ memagent: { rule: 'marked-part' } });
  expect(sources[0]).toMatchObject({ providerMetadata: { memagent: { text: fact } } });
});

test('an answer of a schema is JSON that follows it', async () => {
  const asked: string[] = [];
  const model = createScriptedModel(({ prompt }) => {
    asked.push(JSON.stringify(prompt));
    return asked.length === 1 ? `${fact} [1]` : '{"name":"Aino Virtanen [1]"}';
  });
  const { output } = await generateText({
    model: memagentModel({ ...reading, model, window: 4096, sectionTokens: 2000 }),
    messages: [
      { role: 'user', content: [{ type: 'text', text: fact.repeat(400) }] },
      { role: 'user', content: question },
    ],
    output: Output.object({
      schema: jsonSchema<{ name: string }>({
        type: 'object',
        properties: { name: { type: 'string' } },
        required: ['name'],
        additionalProperties: false,
      }),
    }),
  });
  expect(output.name).toContain('Aino Virtanen');
});

test('what a call says of sampling holds for the reading', async () => {
  const model = createScriptedModel(() => `${fact} [1]`);
  await generateText({
    model: memagentModel({
      ...reading,
      model,
      temperature: 1,
      providerOptions: { scripted: { tier: 'slow' } },
    }),
    prompt: `${harbour(1500)}\n\n${question}`,
    temperature: 0.1,
    seed: 7,
    providerOptions: { other: { kind: 'x' } },
  });
  expect(model.requests[0]).toMatchObject({
    temperature: 0.1,
    topP: 0.95,
    seed: 7,
    providerOptions: { scripted: { tier: 'slow' }, other: { kind: 'x' } },
  });
});

test('what a reading cannot do for a call is said', async () => {
  const { warnings } = await generateText({
    model: memagentModel(),
    messages: [
      { role: 'user', content: harbour(30) },
      { role: 'user', content: question },
    ],
    maxOutputTokens: 100,
    tools: { weather: tool({ inputSchema: jsonSchema<object>({ type: 'object' }) }) },
  });
  expect(warnings?.map((warning) => warning.type === 'unsupported' && warning.feature)).toEqual([
    'tools',
    'maxOutputTokens',
  ]);
});

test('an abort stops the reading at once, with its own reason', async () => {
  const leaving = new AbortController();
  const started = Promise.withResolvers<void>();
  const model = createScriptedModel(() => {
    started.resolve();
    return { text: 'never', delayMs: 600_000 };
  });
  const call = memagentModel({ ...reading, model }).doGenerate({
    prompt: [{ role: 'user', content: [{ type: 'text', text: `${harbour(1500)}\n\n${question}` }] }],
    abortSignal: leaving.signal,
  });
  await started.promise;
  const reason = new Error('enough');
  leaving.abort(reason);
  await expect(call).rejects.toBe(reason);
  expect(model.requests).toHaveLength(1);
});

test('a store that is given keeps the run', async () => {
  const store = createSqliteRunStore({ home: mkdtempSync(join(tmpdir(), 'memagent-model-')) });
  const { response } = await generateText({
    model: memagentModel({ store }),
    prompt: `${harbour(30)}\n\n${question}`,
  });
  expect(await store.get(response.id)).toMatchObject({ status: 'finished', question });
  await store.close();
});

test('a prompt without a question is refused', async () => {
  await expect(generateText({ model: memagentModel(), prompt: 'Hello' })).rejects.toMatchObject({
    code: 'document-undecided',
  });
});
