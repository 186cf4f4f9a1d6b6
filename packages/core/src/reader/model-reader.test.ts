import { ROOT_CONTEXT } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { createLimits } from '../model/limits.ts';
import { defaultTemplate } from '../prompt/default-template.ts';
import { parseTemplate } from '../prompt/template.ts';
import type { RunEventBody } from '../run/events.ts';
import { createScriptedModel, promptMessages, type ScriptedReply } from '../testing/scripted-model.ts';
import { createTiktokenTokenizer } from '../tokenizer/tiktoken-tokenizer.ts';
import { defaultBudgets, planWindow } from '../window/plan-window.ts';
import { createModelReader } from './model-reader.ts';
import type { StepContext } from './reader.ts';

const tokenizer = await createTiktokenTokenizer('o200k_base');
const question = 'Who wrote the letter?';
const retry = { retries: 1, minDelayMs: 1, maxDelayMs: 1, maxRetryAfterMs: 1, timeoutMs: 1000, repairs: 2 };

function createReader(replies: ScriptedReply[], template = defaultTemplate) {
  const model = createScriptedModel(replies);
  return {
    model,
    reader: createModelReader({ model, template, limits: createLimits(), retry, sampling: {} }),
  };
}

function contextFor(reader: ReturnType<typeof createReader>['reader'], budgets = defaultBudgets) {
  const events: RunEventBody[] = [];
  const context: StepContext = {
    step: 'update/1',
    tokenizer,
    window: planWindow(budgets, question, tokenizer, reader.overhead(question, tokenizer)),
    signal: new AbortController().signal,
    telemetry: ROOT_CONTEXT,
    emit: async (event) => void events.push(event),
    learn: () => {},
    notifyOnce: async () => {},
    spend: () => {},
    admit: () => () => {},
  };
  return { context, events };
}

const section = (text: string) => ({ number: 7, text, tokens: tokenizer.count(text), spans: [] });

test('what the model writes is the memory, reasoning left out', async () => {
  const { reader } = createReader(['<think>hm</think>Anna wrote it [7].']);
  const { context } = contextFor(reader);
  const update = await reader.update(
    { question, memory: { text: '' }, section: section('Anna wrote it.') },
    context,
  );
  expect(update).toMatchObject({ memory: { text: 'Anna wrote it [7].' }, outcome: 'updated' });
});

test('the phrase for an empty memory, repeated, is an empty memory', async () => {
  const { reader } = createReader([defaultTemplate.emptyMemory]);
  const { context } = contextFor(reader);
  const update = await reader.update({ question, memory: { text: '' }, section: section('Rain.') }, context);
  expect(update.memory.text).toBe('');
});

const gated = parseTemplate(
  '=== update ===\n{question} {memory} {section}\nIf nothing is to be added, reply exactly: {keep}\n=== answer ===\n{question} {memory}\n=== keep ===\nKEEP',
  'gated',
);

test.each(['KEEP', '<think>nothing here</think> "Keep."'])(
  'the phrase that a template declares for that keeps the memory, in one call: %s',
  async (reply) => {
    const { reader, model } = createReader([reply], gated);
    const { context, events } = contextFor(reader);
    const memory = { text: 'Anna wrote it [3].' };
    const update = await reader.update({ question, memory, section: section('Rain.') }, context);
    expect(update).toMatchObject({ memory, outcome: 'kept', usage: { calls: 1, retries: 0 } });
    expect(model.requests).toHaveLength(1);
    expect(promptMessages(model.requests[0]!)[0]?.content).toContain('reply exactly: KEEP');
    expect(events.filter(({ type }) => type === 'notice')).toEqual([]);
  },
);

test('a reply that only begins with the phrase is a memory, and so is the phrase where none is declared', async () => {
  for (const [reply, template] of [
    ['KEEP the letter in mind [3].', gated],
    ['KEEP', defaultTemplate],
  ] as const) {
    const { reader } = createReader([reply], template);
    const { context } = contextFor(reader);
    const update = await reader.update(
      { question, memory: { text: '' }, section: section('Rain.') },
      context,
    );
    expect(update).toMatchObject({ memory: { text: reply }, outcome: 'updated' });
  }
});

test('a memory that the server cut at the output limit is kept, and an event says so', async () => {
  const { reader } = createReader([{ text: 'Anna wrote it [7]. Bor', finishReason: 'length' }]);
  const { context, events } = contextFor(reader);
  const update = await reader.update({ question, memory: { text: '' }, section: section('Rain.') }, context);
  expect(update.memory.text).toBe('Anna wrote it [7]. Bor');
  expect(events).toContainEqual(expect.objectContaining({ type: 'notice', code: 'memory-cut' }));
});

test('a merge that fails keeps the parts', async () => {
  const { reader } = createReader(['', '']);
  const { context, events } = contextFor(reader);
  const merged = await reader.merge({ question, memories: [{ text: 'a [1]' }, { text: 'b [2]' }] }, context);
  expect(merged).toMatchObject({ outcome: 'kept', memory: { text: 'a [1]\nb [2]' } });
  expect(events.some((event) => event.type === 'notice' && event.code === 'memory-kept')).toBe(true);
});

test.each([
  ['The answer is \\boxed{Anna}.', 'Anna', true],
  ['Anna wrote it [7].', 'Anna wrote it [7].', true],
  [defaultTemplate.notFound, defaultTemplate.notFound, false],
  [
    `"${defaultTemplate.notFound.toUpperCase()}" [3]`,
    `"${defaultTemplate.notFound.toUpperCase()}" [3]`,
    false,
  ],
])('the reply %j is the answer %j', async (reply, text, found) => {
  const { reader } = createReader([reply]);
  const { context } = contextFor(reader);
  expect(await reader.answer({ question, memory: { text: 'm' }, passages: [] }, context)).toMatchObject({
    text,
    found,
  });
});

test('no answer at all stops the run resumably', async () => {
  const { reader } = createReader(['', '']);
  const { context } = contextFor(reader);
  await expect(
    reader.answer({ question, memory: { text: 'm' }, passages: [] }, context),
  ).rejects.toMatchObject({
    code: 'model-failed',
    resumable: true,
  });
});

test('a full window: prompt and output together are exactly within it', async () => {
  const { reader, model } = createReader(['memory']);
  const { context } = contextFor(reader, { ...defaultBudgets, window: 3000 });
  const { sectionTokens, memoryTokens } = context.window;
  const word = ' rain'; // One token each, also where texts meet.
  const memory = { text: word.repeat(memoryTokens) };
  await reader.update({ question, memory, section: section(word.repeat(sectionTokens)) }, context);
  const [request] = model.requests;
  const prompt = tokenizer.countPrompt(promptMessages(request!));
  expect(prompt + request!.maxOutputTokens!).toBeLessThanOrEqual(3000);
  expect(prompt).toBeGreaterThan(3000 - 1024 - 64);
});

test("a template of the user's own is what goes out", async () => {
  const template = parseTemplate(
    '=== update ===\nQ {question} M {memory} S {section}\n=== answer ===\nQ {question} M {memory} end in \\boxed{}',
    'own',
  );
  const { reader, model } = createReader(['note', '\\boxed{Anna}'], template);
  const { context } = contextFor(reader);
  await reader.update({ question, memory: { text: 'm' }, section: section('{memory} is text') }, context);
  await reader.answer({ question, memory: { text: 'note' }, passages: [] }, context);
  expect(model.requests.map((request) => promptMessages(request))).toEqual([
    [{ role: 'user', content: `Q ${question} M m S {memory} is text` }],
    [{ role: 'user', content: `Q ${question} M note end in \\boxed{}` }],
  ]);
});
