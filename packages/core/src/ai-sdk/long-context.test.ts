import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import {
  generateText,
  isStepCount,
  jsonSchema,
  Output,
  streamText,
  tool,
  type UserContent,
  wrapLanguageModel,
} from 'ai';
import { expect, test } from 'vitest';
import { defaultTemplate } from '../prompt/default-template.ts';
import { matchPrompt } from '../prompt/match-prompt.ts';
import { startLoopbackServer } from '../testing/loopback-server.ts';
import { createScriptedModel, promptMessages, type ScriptedReply } from '../testing/scripted-model.ts';
import { createTiktokenTokenizer } from '../tokenizer/tiktoken-tokenizer.ts';
import { longContext, type LongContextOptions } from './long-context.ts';

const fact = 'The harbour master of Oulu is called Aino Virtanen.';
const question = 'Who is the harbour master of Oulu?';
const memory = 'Aino Virtanen is harbour master of Oulu. [1]';

function harbour(lines: number): string {
  const log = Array.from(
    { length: lines },
    (_, day) => `On day ${day} the weather over the harbour was calm.`,
  );
  log[Math.floor((lines * 2) / 3)] = fact;
  return log.join('\n');
}

/** About 8,400 tokens, two sections of the default size. */
const long = harbour(600);

function isReading(call: LanguageModelV4CallOptions): boolean {
  return matchPrompt(defaultTemplate, promptMessages(call))?.step === 'update';
}

/** A model that keeps one memory while it reads, and else gives these replies; and what it was asked then. */
function createModel(...replies: ScriptedReply[]) {
  const asked: LanguageModelV4CallOptions[] = [];
  const model = createScriptedModel(async (call, index) => {
    if (isReading(call)) return { text: memory, usage: { promptTokens: 1000, completionTokens: 10 } };
    const reply = replies[asked.push(call) - 1] ?? '';
    return typeof reply === 'function' ? reply(call, index) : reply;
  });
  return { model, asked };
}

const reading: LongContextOptions = { tokenizer: 'o200k_base', window: 8192 };

function wrap(model: LanguageModelV4, options: LongContextOptions = {}): LanguageModelV4 {
  return wrapLanguageModel({ model, middleware: longContext({ ...reading, ...options }) });
}

const answered = { text: 'She is Aino Virtanen [1].', usage: { promptTokens: 200, completionTokens: 7 } };

test('what fits goes through untouched', async () => {
  const { model, asked } = createModel('plain');
  const { text, sources, usage } = await generateText({
    model: wrap(model),
    prompt: 'Hello',
    maxOutputTokens: 50,
  });
  expect({ text, sources }).toEqual({ text: 'plain', sources: [] });
  expect(usage.raw).toBeUndefined();
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({
    maxOutputTokens: 50,
    prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
  });
});

test('what is longer is read, and the model answers with the memory in its place; usage is the sum', async () => {
  const { model, asked } = createModel(answered);
  const { text, sources, usage, providerMetadata } = await generateText({
    model: wrap(model),
    instructions: 'Be brief.',
    messages: [
      { role: 'user', content: `Here is the log.\n<document>${long}</document>` },
      { role: 'assistant', content: 'Thank you.' },
      { role: 'user', content: question },
    ],
  });
  expect(text).toBe(answered.text);
  const [system, first, ...rest] = asked[0]!.prompt;
  expect(system).toEqual({ role: 'system', content: 'Be brief.' });
  expect(first).toMatchObject({
    content: [{ text: expect.stringMatching(/^Here is the log\.\n<document>\[A document .*<\/document>$/s) }],
  });
  expect(JSON.stringify(first)).toContain(memory);
  expect(rest).toMatchObject([{ role: 'assistant' }, { role: 'user', content: [{ text: question }] }]);
  const calls = model.requests.length;
  expect(calls).toBe(3);
  expect(usage).toMatchObject({ inputTokens: 2200, outputTokens: 27, totalTokens: 2227 });
  expect(providerMetadata).toMatchObject({ memagent: { memory } });
  expect(sources).toMatchObject([
    { title: '[1] document', providerMetadata: { memagent: { text: fact, supported: true } } },
  ]);
});

test('streams stream, and end with sources and the sum', async () => {
  const { model } = createModel(answered);
  const { textStream, sources, usage } = streamText({
    model: wrap(model),
    prompt: `${long}\n\n${question}`,
  });
  const deltas = await Array.fromAsync(textStream);
  expect(deltas.join('')).toBe(answered.text);
  expect(deltas.length).toBeGreaterThan(1);
  expect(await sources).toHaveLength(1);
  expect(await usage).toMatchObject({ inputTokens: 2200, outputTokens: 27 });
});

test('structured output is the model\u2019s own', async () => {
  const { model, asked } = createModel('{"name":"Aino Virtanen"}');
  const schema = jsonSchema<{ name: string }>({
    type: 'object',
    properties: { name: { type: 'string' } },
    required: ['name'],
  });
  const { output } = await generateText({
    model: wrap(model),
    prompt: `${long}\n\n${question}`,
    output: Output.object({ schema }),
  });
  expect(output).toEqual({ name: 'Aino Virtanen' });
  expect(asked[0]!.responseFormat).toMatchObject({ type: 'json', schema: { required: ['name'] } });
});

test('tools are the model\u2019s own, and what was read is not read again for their results', async () => {
  const replies: ScriptedReply[] = [
    // A scripted model has no tool calls: the reply of the provider is made here.
    '',
    answered,
  ];
  const { model, asked } = createModel(...replies);
  const calling = wrap({
    ...model,
    async doGenerate(call) {
      const result = await model.doGenerate(call);
      if (isReading(call) || asked.length > 1) return result;
      return {
        ...result,
        content: [{ type: 'tool-call', toolCallId: '1', toolName: 'phone', input: '{"name":"Aino"}' }],
        finishReason: { unified: 'tool-calls', raw: undefined },
      };
    },
  });
  const phoned: string[] = [];
  const { text, steps, totalUsage } = await generateText({
    model: calling,
    prompt: `${long}\n\n${question}`,
    stopWhen: isStepCount(3),
    tools: {
      phone: tool({
        inputSchema: jsonSchema<{ name: string }>({ type: 'object' }),
        execute: ({ name }) => {
          phoned.push(name);
          return 'She is in.';
        },
      }),
    },
  });
  expect(text).toBe(answered.text);
  expect(phoned).toEqual(['Aino']);
  expect(steps).toHaveLength(2);
  expect(asked).toHaveLength(2);
  expect(asked.every(({ tools }) => tools?.[0]?.name === 'phone')).toBe(true);
  expect(asked[1]!.prompt.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
  // Two sections were read, once.
  expect(model.requests).toHaveLength(2 + 2);
  expect(totalUsage.inputTokens).toBe(2 * 1000 + 200);
});

test('another question reads again, and a reading that failed is not kept', async () => {
  const { model } = createModel(answered, answered, answered, answered);
  let fails = true;
  const flaky = wrap(
    {
      ...model,
      doGenerate: (call) => {
        if (fails) throw new Error('the wire was cut');
        return model.doGenerate(call);
      },
    },
    { retry: { retries: 0 } },
  );
  const ask = (asked: string) => generateText({ model: flaky, prompt: `${long}\n\n${asked}`, maxRetries: 0 });
  await expect(ask(question)).rejects.toThrow(/the wire was cut/);
  fails = false;
  await ask(question);
  expect(model.requests).toHaveLength(3);
  await ask(question);
  expect(model.requests).toHaveLength(4);
  await ask('What was the weather like?');
  expect(model.requests).toHaveLength(7);
});

test('another model with another window may read', async () => {
  const { model, asked } = createModel(answered);
  const small = createModel();
  const window = 4096;
  await generateText({
    model: wrap(model, { model: small.model, readingWindow: window }),
    prompt: `${long}\n\n${question}`,
  });
  expect(asked).toHaveLength(1);
  expect(model.requests).toHaveLength(1);
  const { countPrompt } = await createTiktokenTokenizer('o200k_base');
  const sizes = small.model.requests.map(
    (call) => countPrompt(promptMessages(call)) + (call.maxOutputTokens ?? 0),
  );
  expect(Math.max(...sizes)).toBeLessThanOrEqual(window);
  expect(sizes.length).toBeGreaterThan(2);
});

test('another reader may read', async () => {
  const { model, asked } = createModel(answered);
  await generateText({ model: wrap(model, { reader: 'evidence' }), prompt: `${long}\n\n${question}` });
  expect(model.requests).toHaveLength(1);
  expect(JSON.stringify(asked[0]!.prompt)).toContain('Aino Virtanen');
});

test('the results of tools may be what is too long', async () => {
  const { model, asked } = createModel(answered);
  const { text } = await generateText({
    model: wrap(model),
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: [{ type: 'tool-call', toolCallId: '1', toolName: 'log', input: {} }] },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: '1',
            toolName: 'log',
            output: { type: 'json', value: { log: long } },
          },
        ],
      },
    ],
  });
  expect(text).toBe(answered.text);
  expect(asked[0]!.prompt[2]).toMatchObject({
    role: 'tool',
    content: [{ toolCallId: '1', output: { type: 'text', value: expect.stringContaining(memory) } }],
  });
});

test.each<[string, UserContent]>([
  [
    'a file of text',
    [
      { type: 'file', mediaType: 'text/plain', data: Buffer.from(long), filename: 'harbour.log' },
      { type: 'text', text: question },
    ],
  ],
  [
    'a part that is marked',
    [
      { type: 'text', text: question },
      { type: 'text', text: long, providerOptions: { memagent: { document: true } } },
    ],
  ],
])('%s may be what is too long', async (_name, content) => {
  const { model, asked } = createModel(answered);
  await generateText({ model: wrap(model), messages: [{ role: 'user', content }] });
  const { prompt } = asked[0]!;
  expect(prompt[0]!.content).toHaveLength(2);
  expect(prompt[0]!.content).toContainEqual(expect.objectContaining({ type: 'text', text: question }));
  expect(prompt[0]!.content).toContainEqual(
    expect.objectContaining({ type: 'text', text: expect.stringContaining(memory) }),
  );
});

test('a whole message may be marked, and files that are no text are left to the model', async () => {
  const { model, asked } = createModel(answered);
  const image = { type: 'file' as const, mediaType: 'image/png', data: new Uint8Array([137, 80, 78, 71]) };
  await generateText({
    model: wrap(model),
    messages: [
      { role: 'user', content: long, providerOptions: { memagent: { document: true } } },
      { role: 'user', content: [image, { type: 'text', text: `${question} ${'Please. '.repeat(100)}` }] },
    ],
  });
  const [document, asking] = asked[0]!.prompt;
  expect(JSON.stringify(document)).toContain(memory);
  expect(asking!.content[0]).toMatchObject({ type: 'file', mediaType: 'image/png' });
});

test('an abort stops the reading at once, with its own reason', async () => {
  const leaving = new AbortController();
  const started = Promise.withResolvers<void>();
  const model = createScriptedModel(() => {
    started.resolve();
    return { text: 'never', delayMs: 600_000 };
  });
  const call = wrap(model).doStream({
    prompt: [{ role: 'user', content: [{ type: 'text', text: `${long}\n\n${question}` }] }],
    abortSignal: leaving.signal,
  });
  await started.promise;
  const reason = new Error('enough');
  leaving.abort(reason);
  await expect(call).rejects.toBe(reason);
  expect(model.requests).toHaveLength(1);
});

test('what would not fit even with a memory is refused before anything is read', async () => {
  const { model } = createModel(answered);
  await expect(
    generateText({ model: wrap(model), prompt: `${long}\n\n${question}`, maxOutputTokens: 7500 }),
  ).rejects.toMatchObject({ code: 'window-exceeded' });
  expect(model.requests).toHaveLength(0);
});

test('calls at once of one document share its reading; one that is given up does not take it from the others', async () => {
  const reached = Promise.withResolvers<void>();
  const letGo = Promise.withResolvers<void>();
  const model = createScriptedModel(async (call, index) => {
    if (index > 0) return isReading(call) ? memory : answered;
    reached.resolve();
    await Promise.race([
      letGo.promise,
      new Promise((done) => call.abortSignal?.addEventListener('abort', done)),
    ]);
    return memory;
  });
  const patient = wrap(model);
  const ask = (abortSignal: AbortSignal) =>
    generateText({ model: patient, prompt: `${long}\n\n${question}`, abortSignal });
  const [first, second, third] = [new AbortController(), new AbortController(), new AbortController()];
  const given = ask(first.signal);
  await reached.promise;
  const leaving = ask(second.signal);
  const staying = ask(third.signal);
  second.abort(new Error('enough'));
  await expect(leaving).rejects.toThrow('enough');
  first.abort(new Error('enough, too'));
  await expect(given).rejects.toThrow('enough, too');
  letGo.resolve();
  expect((await staying).text).toBe(answered.text);
  // The call that was given up; two sections and the answer.
  expect(model.requests).toHaveLength(1 + 3);
});

test(
  'a model behind a server gets a prompt of a million tokens, and no request over its window',
  { timeout: 180_000 },
  async () => {
    await using server = await startLoopbackServer({ window: 70_000 });
    const model = createOpenAICompatible({
      name: 'loopback',
      baseURL: server.baseUrl,
      includeUsage: true,
    }).chatModel('loopback');
    const { text, usage } = streamText({
      model: wrap(model, { window: 70_000, sectionTokens: 64_000 }),
      messages: [
        { role: 'user', content: harbour(90_000) },
        { role: 'user', content: question },
      ],
    });
    expect(await text).toContain('Aino Virtanen');
    const promptTokens = server.requests.reduce((sum, request) => sum + request.promptTokens, 0);
    expect(promptTokens).toBeGreaterThan(1_000_000);
    expect((await usage).inputTokens).toBe(promptTokens);
    expect(server.requests.every((request) => request.promptTokens < 70_000)).toBe(true);
  },
);
