import { APICallError } from '@ai-sdk/provider';
import { expect, test } from 'vitest';
import { RunStoppedError } from '../errors.ts';
import { createMemoryRunStore } from '../store/memory-run-store.ts';
import { createScriptedModel } from '../testing/scripted-model.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { StoredEvent } from './events.ts';
import { read, resume } from './read.ts';
import { createBudget } from './run-budget.ts';

/** One token per word, so that budgets can be followed by eye. */
const words: Tokenizer = {
  name: 'words',
  exact: true,
  count: (text) => text.match(/\S+/g)?.length ?? 0,
  countPrompt: (messages) => messages.reduce((sum, message) => sum + words.count(message.content), 0),
};

const paragraph = (name: string): string =>
  `${name} lives in the ${name} house. ${'It rains today. '.repeat(4)}`.trim();
/** Three paragraphs of 18 words, one section each. */
const text = ['Anna', 'Boris', 'Clara'].map(paragraph).join('\n\n');
const budgets = { tokenizer: words, sectionTokens: 20, memoryTokens: 30, outputTokens: 40, window: 2000 };
const usage = { promptTokens: 300, completionTokens: 5 };

async function collect(events: AsyncIterable<StoredEvent>): Promise<StoredEvent[]> {
  const all: StoredEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

test('a document of three sections: every event in order, and the result', async () => {
  const model = createScriptedModel([
    { text: 'Anna lives in the Anna house [1].', usage },
    { text: 'Anna lives in the Anna house [1]. Boris lives in the Boris house [2].', usage },
    { text: 'Boris lives in the Boris house [2].', usage },
    { text: 'Boris lives in the Boris house [2].', usage },
  ]);
  const run = read({
    model,
    question: 'Where does Boris live?',
    source: text,
    store: createMemoryRunStore(),
    ...budgets,
  });
  const events = await collect(run);
  const result = await run.result;

  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(
    events.map((event) =>
      'step' in event
        ? `${event.type} ${event.step}`
        : 'section' in event
          ? `${event.type} ${event.section}`
          : event.type,
    ),
  ).toEqual([
    'run-start',
    'source-start',
    'section-start 1',
    'call-start update/1',
    'call-end update/1',
    'memory-updated update/1',
    'section-start 2',
    'call-start update/2',
    'call-end update/2',
    'memory-updated update/2',
    'section-start 3',
    'call-start update/3',
    'call-end update/3',
    'memory-updated update/3',
    'call-start answer',
    'call-end answer',
    'answer-end answer',
    'run-end',
  ]);
  const start = text.indexOf('Boris');
  const sentence = 'Boris lives in the Boris house.';
  expect(result).toMatchObject({
    runId: run.runId,
    answer: 'Boris lives in the Boris house [2].',
    found: true,
    memory: 'Boris lives in the Boris house [2].',
    sections: 3,
    model: 'scripted/scripted',
    reader: 'model',
    strategy: 'memory',
    usage: { promptTokens: 1200, completionTokens: 20, calls: 4, retries: 0 },
    citations: [{ mark: 2, start, end: start + sentence.length, text: sentence, supported: true }],
  });
  expect(text.slice(start, start + sentence.length)).toBe(sentence);
});

test('each conversation is fresh: one message with question, memory and section', async () => {
  const model = createScriptedModel(['first note [1]', 'second note [2]', 'third note [3]', 'Nobody.']);
  await read({ model, question: 'Who?', source: text, store: createMemoryRunStore(), ...budgets }).result;
  const prompts = model.requests.map(({ prompt }) => JSON.stringify(prompt));
  expect(prompts.map((prompt) => prompt.match(/"role":"(\w+)"/g))).toEqual(
    prompts.map(() => ['"role":"user"']),
  );
  expect(prompts[1]).toContain('first note [1]');
  expect(prompts[1]).toContain('Boris house');
  expect(prompts[1]).not.toContain('Anna house');
  expect(prompts[2]).not.toContain('first note');
  expect(prompts[3]).toContain('third note [3]');
  expect(prompts[3]).not.toContain('Clara house');
});

test('an empty reply is asked for again, then the old memory stands and the run goes on', async () => {
  const model = createScriptedModel(['note [1]', '', '', '', 'note [1] more [3]', 'It is so [1].']);
  const retry = { retries: 2, minDelayMs: 1, maxDelayMs: 1 };
  const run = read({
    model,
    question: 'Who?',
    source: text,
    store: createMemoryRunStore(),
    retry,
    ...budgets,
  });
  const events = await collect(run);
  expect(
    events.filter((event) => event.type === 'memory-updated').map((event) => [event.outcome, event.memory]),
  ).toEqual([
    ['updated', 'note [1]'],
    ['kept', 'note [1]'],
    ['updated', 'note [1] more [3]'],
  ]);
  expect(events.some((event) => event.type === 'notice' && event.code === 'memory-kept')).toBe(true);
  expect((await run.result).usage).toMatchObject({ calls: 6, retries: 2 });
});

test('an over-long reply is cut to the budget and an event says so', async () => {
  const long = Array.from({ length: 50 }, (_, index) => `Fact ${index} is here.`).join(' ');
  const model = createScriptedModel([long, 'b', 'c', 'd']);
  const run = read({ model, question: 'Who?', source: text, store: createMemoryRunStore(), ...budgets });
  const events = await collect(run);
  const first = events.find((event) => event.type === 'memory-updated');
  expect(first?.memoryTokens).toBeLessThanOrEqual(30);
  expect(first?.memory.startsWith('Fact 0 is here. Fact 1')).toBe(true);
  expect(events.some((event) => event.type === 'notice' && event.code === 'memory-cut')).toBe(true);
});

test('reasoning alone: asked once more with more room, then stopped resumably, naming the setting', async () => {
  const reasoning = { reasoning: 'hm', text: '', finishReason: 'length' as const };
  const model = createScriptedModel([reasoning, { text: 'note' }, 'b', reasoning, reasoning]);
  const run = read({ model, question: 'Who?', source: text, store: createMemoryRunStore(), ...budgets });
  const error = await run.result.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(RunStoppedError);
  expect(error).toMatchObject({ code: 'output-exhausted', resumable: true, runId: run.runId });
  expect(String(error)).toContain('outputTokens');
  expect(model.requests.map(({ maxOutputTokens }) => maxOutputTokens)).toEqual([40, 160, 40, 40, 160]);
});

test('an abort stops at once, is not wrapped, and leaves a resumable run', async () => {
  const store = createMemoryRunStore();
  const model = createScriptedModel(['note [1]', { text: 'never', delayMs: 60_000 }]);
  const controller = new AbortController();
  const run = read({ model, question: 'Who?', source: text, store, signal: controller.signal, ...budgets });
  const reason = new Error('the user left');
  const poll = setInterval(() => model.requests.length === 2 && controller.abort(reason), 1);
  await expect(run.result).rejects.toBe(reason);
  clearInterval(poll);
  expect((await store.get(run.runId))?.status).toBe('stopped');
});

test('an abort while waiting to retry is not retried', async () => {
  const model = createScriptedModel([{ error: new TypeError('fetch failed') }, 'too late']);
  const controller = new AbortController();
  const retry = { minDelayMs: 60_000, maxDelayMs: 60_000 };
  const run = read({
    model,
    question: 'Who?',
    source: text,
    store: createMemoryRunStore(),
    retry,
    signal: controller.signal,
    ...budgets,
  });
  const reason = new Error('enough');
  const loop = async (): Promise<void> => {
    for await (const event of run) if (event.type === 'call-retry') controller.abort(reason);
  };
  await expect(loop()).rejects.toBe(reason);
  await expect(run.result).rejects.toBe(reason);
  expect(model.requests).toHaveLength(1);
});

test('leaving the loop early stops the run', async () => {
  const model = createScriptedModel(['a', 'b', 'c', 'd']);
  const store = createMemoryRunStore();
  const run = read({ model, question: 'Who?', source: text, store, ...budgets });
  for await (const event of run) if (event.type === 'memory-updated') break;
  await expect(run.result).rejects.toThrow('left');
  expect(model.requests.length).toBeLessThan(4);
  expect((await store.get(run.runId))?.status).toBe('stopped');
});

test.each([
  [{ maxTokens: 900 }, /maxTokens = 900/],
  [{ maxCost: 0.001, prices: { input: 1, output: 1 } }, /maxCost = 0.001/],
])('limits %j hold and leave a resumable run', async (limits, message) => {
  const model = createScriptedModel(() => ({ text: 'note [1]', usage }));
  const run = read({
    model,
    question: 'Who?',
    source: text,
    store: createMemoryRunStore(),
    ...limits,
    ...budgets,
  });
  const error = await run.result.catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'limit-reached', resumable: true });
  expect(String(error)).toMatch(message);
  expect(model.requests.length * 305).toBeLessThanOrEqual(1000);
});

test('maxTimeMs stops a call in flight', async () => {
  const model = createScriptedModel([{ text: 'x', delayMs: 60_000 }]);
  const run = read({
    model,
    question: 'Who?',
    source: text,
    store: createMemoryRunStore(),
    maxTimeMs: 20,
    ...budgets,
  });
  await expect(run.result).rejects.toMatchObject({
    code: 'limit-reached',
    message: expect.stringContaining('limit maxTimeMs: it has worked for 20 ms. What was read is kept'),
  });
});

test.each([
  [{ window: -5 }, /window.*received -5/],
  [{ temperature: 'hot' }, /temperature.*received "hot"/],
  [{ windw: 5 }, /windw is not an option; accepted are window/],
  [{ maxCost: 1 }, /maxCost needs prices/],
  [{ question: ' ' }, /question must be a text/],
  [{ reader: 'magic' }, /reader must be "model", "evidence", "extractive" or a reader; received "magic"/],
  [{ strategy: 'magic' }, /Unknown strategy "magic"; there are: memory, reread, truncate/],
  [{ retry: { retries: 1.5 } }, /retry\.retries.*received 1\.5/],
])('bad options %j are refused before anything is spent', async (options, message) => {
  const model = createScriptedModel([]);
  const store = createMemoryRunStore();
  const start = async () =>
    read({ model, question: 'Who?', source: text, store, ...budgets, ...(options as object) }).result;
  await expect(start()).rejects.toThrow(message);
  expect(await store.list()).toEqual([]);
});

test('a store that fails as the run is taken out of it does not hide what was wrong', async () => {
  const store = {
    ...createMemoryRunStore(),
    delete: () => Promise.reject(new Error('the disk is full')),
  };
  const run = read({ question: 'Who?', source: { file: '/no/such/file.txt' }, store, ...budgets });
  await expect(run.result).rejects.toMatchObject({ code: 'source-unreadable' });
});

test('a document that cannot be read leaves no run behind', async () => {
  const store = createMemoryRunStore();
  const run = read({ question: 'Who?', source: { file: '/no/such/file.txt' }, store, ...budgets });
  await expect(run.result).rejects.toMatchObject({ code: 'source-unreadable' });
  expect(await store.list()).toEqual([]);
});

test('a binary source after others that were read leaves what was paid for, resumable', async () => {
  const store = createMemoryRunStore();
  const source = [text, Buffer.from('PK\x03\x04\0\0')];
  const model = createScriptedModel(() => ({ text: 'note [1]', usage }));
  const run = read({ model, question: 'Who?', source, store, ...budgets });
  await expect(run.result).rejects.toBeInstanceOf(RunStoppedError);
  expect(model.requests).not.toHaveLength(0);
  expect(await store.get(run.runId)).toMatchObject({ status: 'stopped' });
});

test('a loop over a run whose document cannot be read gives the real error', async () => {
  const run = read({ question: 'Who?', source: { text: '' }, store: createMemoryRunStore(), ...budgets });
  const loop = async (): Promise<void> => {
    for await (const event of run) void event;
  };
  await expect(loop()).rejects.toMatchObject({ code: 'source-empty' });
});

test('what a provider warns of is told once, also after a run is resumed', async () => {
  const unsupported = { type: 'unsupported', feature: 'seed' } as const;
  const other = { type: 'other', message: 'The model is going to be switched off.' } as const;
  const replies = [
    { text: 'One. [1]', warnings: [unsupported] },
    { text: 'Two. [2]', warnings: [unsupported, other] },
    { error: new Error('gone') },
    { text: 'Three. [3]', warnings: [other, unsupported] },
    { text: 'Three.', warnings: [unsupported] },
  ];
  const store = createMemoryRunStore();
  const model = createScriptedModel(replies);
  const source = 'It rained for a day and for a night, and then it rained again. '.repeat(12);
  const run = read({ model, question: 'Who?', source, sectionTokens: 100, tokenizer: 'o200k_base', store });
  await expect(run.result).rejects.toThrow('gone');
  await resume({ runId: run.runId, model, store }).result;
  const warnings: string[] = [];
  for await (const event of store.events(run.runId)) {
    if (event.type === 'notice' && event.code === 'model-warning') warnings.push(event.message);
  }
  expect(warnings).toEqual([
    "The model's provider says: seed is not supported and was left out.",
    "The model's provider says: The model is going to be switched off.",
  ]);
});

const noSuchModel = new APICallError({
  message: 'The model does not exist.',
  url: 'http://127.0.0.1/v1',
  requestBodyValues: {},
  statusCode: 404,
});

test('a model that does not exist leaves no run behind, unless something was paid for before', async () => {
  const source = 'It rained for a day and for a night, and then it rained again. '.repeat(12);
  for (const paid of [0, 1]) {
    const store = createMemoryRunStore();
    const model = createScriptedModel(
      ['One. [1]']
        .slice(0, paid)
        .concat([''])
        .map((reply) => reply || { error: noSuchModel }),
    );
    const run = read({ model, question: 'Who?', source, sectionTokens: 100, tokenizer: 'o200k_base', store });
    await expect(run.result).rejects.toMatchObject({ code: 'model-unavailable', resumable: paid === 1 });
    expect((await store.get(run.runId))?.status).toBe(paid === 1 ? 'stopped' : undefined);
  }
});

test('runs that share a budget stay within it together', async () => {
  const budget = createBudget({ maxTokens: 3000 });
  const model = createScriptedModel(() => ({ text: 'One. [1]', usage }));
  const sourceText = 'It rained for a day and for a night, and then it rained again. '.repeat(12);
  const errors: unknown[] = [];
  for (let index = 0; index < 5; index++) {
    const run = read({
      model,
      question: 'Who?',
      source: sourceText,
      sectionTokens: 100,
      outputTokens: 100,
      memoryTokens: 100,
      tokenizer: 'o200k_base',
      store: createMemoryRunStore(),
      budget,
    });
    errors.push(
      await run.result.then(
        () => 'answered',
        ({ code }: RunStoppedError) => code,
      ),
    );
  }
  expect(errors).toContain('answered');
  expect(errors.at(-1)).toBe('limit-reached');
  expect(budget.usage.promptTokens + budget.usage.completionTokens).toBe(model.requests.length * 305);
  expect(model.requests.length * 305).toBeLessThanOrEqual(3000);
  expect(() => createBudget({ maxCost: 1 })).toThrow(/needs prices/);
});
