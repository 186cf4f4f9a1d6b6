import { jsonSchema } from 'ai';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import type { RunStoppedError } from '../errors.ts';
import { createBudget } from '../run/run-budget.ts';
import { read, resume } from '../run/read.ts';
import { collectEvents } from '../store/collect-events.ts';
import { createMemoryRunStore } from '../store/memory-run-store.ts';
import { strategies } from '../strategy/strategies.ts';
import { createScriptedModel, promptMessages, type ScriptedModel } from '../testing/scripted-model.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

const words: Tokenizer = {
  name: 'words',
  exact: true,
  count: (text) => text.match(/\S+/g)?.length ?? 0,
  countPrompt: (messages) => messages.reduce((sum, { content }) => sum + words.count(content), 0),
};

const fact = 'Ada Holm built the lighthouse at Skagen in 1874.';
const source = `${'It rained all day. '.repeat(20)}\n\n${fact}\n\n${'It rained all night. '.repeat(12)}`;
const schema = z.object({ name: z.string(), year: z.int().min(1800) });
const answer = { name: 'Ada Holm', year: 1874 };

const options = {
  question: 'Who built the lighthouse at Skagen, and when?',
  tokenizer: words,
  sectionTokens: 40,
  memoryTokens: 60,
  outputTokens: 80,
  window: 1500,
  retry: { retries: 0 },
};

/** Remembers the fact with its section, and replies to the question with what is given, in order. */
function createModel(...replies: readonly (string | object)[]): ScriptedModel {
  let given = 0;
  return createScriptedModel((call) => {
    const prompt = promptMessages(call)
      .map(({ content }) => content)
      .join('\n');
    if (prompt.includes('{"found": true')) {
      const reply = replies[Math.min(given++, replies.length - 1)];
      return typeof reply === 'string' ? reply : JSON.stringify(reply);
    }
    const section = /<section number="(\d+)">[^]*built/.exec(prompt)?.[1];
    const known = /Ada Holm built[^\n]*\[\d+\]/.exec(prompt)?.[0];
    return section === undefined ? (known ?? 'Nothing.') : `${fact} [${section}]`;
  });
}

const found = (object: unknown) => ({ found: true, answer: object });
const answersOf = (model: ScriptedModel) =>
  model.requests.filter((call) => promptMessages(call).some(({ content }) => content.includes('<schema>')));

describe.each(strategies)('$name', (strategy) => {
  test('answers with JSON that follows the schema, within the window, and cites its values', async () => {
    const model = createModel(found(answer));
    const store = createMemoryRunStore();
    const run = read({ ...options, strategy, schema, source, model, store });
    const result = await run.result;
    expectTypeOf(result.object).toEqualTypeOf<{ name: string; year: number } | undefined>();
    expect(result).toMatchObject({ found: true, object: answer, answer: JSON.stringify(answer) });
    // A refined answer has neither a memory nor passages that lead to the sections.
    const fields = strategy.name === 'refine' ? [] : ['/name: Ada Holm', '/year: 1874'];
    expect(result.citations).toEqual(
      fields.map((sentence) =>
        expect.objectContaining({
          field: sentence.slice(0, sentence.indexOf(':')),
          text: fact,
          supported: true,
          sentence,
        }),
      ),
    );
    for (const call of model.requests) {
      const tokens = words.countPrompt(promptMessages(call)) + (call.maxOutputTokens ?? Infinity);
      expect(tokens).toBeLessThanOrEqual(options.window);
    }
    expect(answersOf(model)[0]?.responseFormat).toMatchObject({
      type: 'json',
      schema: { properties: { found: { type: 'boolean' } }, required: ['found', 'answer'] },
    });
    expect((await store.get(run.runId))?.result).toMatchObject({ object: answer });
    const ends = (await collectEvents(store, run.runId)).filter(({ type }) => type === 'answer-end');
    expect(ends.at(-1)).toMatchObject({ answer: JSON.stringify(answer), found: true });
  });

  test('says that nothing was found when the model does', async () => {
    const model = createModel({ found: false, answer: null });
    const result = await read({ ...options, strategy, schema, source, model, store: createMemoryRunStore() })
      .result;
    expect(result).toMatchObject({ found: false, citations: [] });
    expect(result).not.toHaveProperty('object');
  });
});

test.each([
  ['in a code fence', `Here it is:\n\`\`\`json\n${JSON.stringify(found(answer))}\n\`\`\``],
  ['without its wrapping', JSON.stringify(answer)],
  ['with the marks of the memory', JSON.stringify(found({ name: 'Ada Holm [3].', year: 1874 }))],
  ['between sentences', `The answer is ${JSON.stringify(found(answer))}. That is all.`],
])('takes an answer %s', async (_name, reply) => {
  const model = createModel(reply);
  const { object, usage } = await read({ ...options, schema, source, model, store: createMemoryRunStore() })
    .result;
  expect(object?.name.replace('.', '')).toBe('Ada Holm');
  expect(usage.retries).toBe(0);
});

test('asks again with what was wrong, and pays for each reply', async () => {
  const model = createModel('Ada Holm, in 1874.', found({ name: 'Ada Holm', year: 1474 }), found(answer));
  const store = createMemoryRunStore();
  const run = read({ ...options, schema, source, model, store });
  expect(await run.result).toMatchObject({ object: answer, usage: { retries: 2 } });
  const prompts = answersOf(model).map((call) => promptMessages(call)[0]?.content);
  expect(prompts[0]).not.toContain('could not be used');
  expect(prompts[1]).toMatch(/could not be used: it is not JSON/);
  expect(prompts[2]).toMatch(/could not be used: in "answer", \/year: .*>=1800/);
  const events = await collectEvents(store, run.runId);
  const own = events.filter((event) => 'step' in event && event.step === 'answer');
  expect(own.map((event) => [event.type, 'attempt' in event ? event.attempt : 0])).toEqual([
    ['call-start', 1],
    ['call-end', 1],
    ['call-retry', 1],
    ['call-start', 2],
    ['call-end', 2],
    ['call-retry', 2],
    ['call-start', 3],
    ['call-end', 3],
    ['answer-end', 0],
  ]);
});

test('refuses an answer that never follows the schema, keeps the memory, and answers when resumed', async () => {
  const model = createModel(found({ name: 'Ada Holm', year: 'long ago' }));
  const store = createMemoryRunStore();
  const run = read({ ...options, schema, source, model, store });
  const error = (await run.result.catch((reason: unknown) => reason)) as RunStoppedError;
  expect(error).toMatchObject({
    code: 'invalid-reply',
    resumable: true,
    message: expect.stringMatching(/does not follow the schema.*2 times: in "answer", \/year: .*number/),
    data: { reply: expect.stringContaining('long ago') },
  });
  const asked = model.requests.length;
  expect(answersOf(model)).toHaveLength(3);

  const again = createModel(found(answer));
  // The schema is kept with the run: it need not be given again, but for its type.
  const resumed = resume({ runId: run.runId, model: again, source, tokenizer: words, store });
  expect(await resumed.result).toMatchObject({
    object: answer,
    usage: { calls: asked + 1, retries: 2 },
  });
  expect(again.requests).toHaveLength(1);
});

test('a resumed run with another schema is refused', async () => {
  const store = createMemoryRunStore();
  const run = read({ ...options, schema, source, model: createModel(found({})), store });
  await run.result.catch(() => {});
  const other = z.object({ name: z.string() });
  const resumed = resume({
    runId: run.runId,
    schema: other,
    model: createModel('x'),
    source,
    tokenizer: words,
    store,
  });
  await expect(resumed.result).rejects.toMatchObject({ code: 'settings-changed' });
});

test('the caller gets what the schema makes of the answer, the store what the model wrote', async () => {
  const dated = z.object({ year: z.number().transform((year) => new Date(Date.UTC(year, 0))) });
  const store = createMemoryRunStore();
  const run = read({ ...options, schema: dated, source, model: createModel(found({ year: 1874 })), store });
  expect((await run.result).object).toEqual({ year: new Date('1874-01-01') });
  expect((await store.get(run.runId))?.result?.object).toEqual({ year: 1874 });
});

test('a JSON Schema is checked too', async () => {
  const bare = jsonSchema<string[]>({ type: 'array', items: { type: 'string', pattern: '^A' }, minItems: 1 });
  const model = createModel(found(['Bo']), found(['Ada']));
  const run = read({ ...options, schema: bare, source, model, store: createMemoryRunStore() });
  const { object } = await run.result;
  expectTypeOf(object).toEqualTypeOf<string[] | undefined>();
  expect(object).toEqual(['Ada']);
  expect(promptMessages(answersOf(model)[1]!)[0]?.content).toContain('in "answer", /0 must match pattern');
});

test('an answer that is cut off is refused: the same limit would cut it again', async () => {
  const model = createScriptedModel((call) =>
    promptMessages(call)[0]?.content.includes('<schema>')
      ? { text: '{"found": true, "answer": {"na', finishReason: 'length' }
      : 'Nothing.',
  );
  const run = read({ ...options, schema, source, model, store: createMemoryRunStore() });
  await expect(run.result).rejects.toMatchObject({ code: 'output-exhausted', resumable: true });
  expect(answersOf(model)).toHaveLength(1);
});

test('the window counts the schema', async () => {
  const wide = z.object(
    Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`field${n}`, z.string().describe('a b c d e')])),
  );
  const own = { ...options, source, store: createMemoryRunStore(), window: 680 };
  expect(await read({ ...own, schema, model: createModel(found(answer)) }).result).toMatchObject({
    found: true,
  });
  await expect(read({ ...own, schema: wide, model: createModel('x') }).result).rejects.toMatchObject({
    code: 'window-too-small',
  });
});

/** How a run without any JSON ends, and the tokens that it used. */
async function failWithin(maxTokens: number): Promise<{ code: string; tokens: number }> {
  const budget = createBudget({});
  const own = { ...options, schema, source, budget, maxTokens, store: createMemoryRunStore() };
  const { code } = (await read({ ...own, model: createModel('no JSON') }).result.catch(
    (error: unknown) => error,
  )) as RunStoppedError;
  const { promptTokens, completionTokens } = budget.usage;
  return { code, tokens: promptTokens + completionTokens };
}

test('limits hold for repairs too', async () => {
  const free = await failWithin(1_000_000);
  expect(free.code).toBe('invalid-reply');
  const limited = await failWithin(free.tokens - 1);
  expect(limited.code).toBe('limit-reached');
  expect(limited.tokens).toBeLessThan(free.tokens);
});

test.each([
  ['a plain object', { type: 'object' }],
  ['no schema at all', 7],
  ['what JSON cannot hold', z.object({ when: z.date() })],
  ['a JSON Schema that is none', jsonSchema({ type: 'texts' } as never)],
])('refuses %s as a schema before anything is asked', async (_name, bad) => {
  const model = createModel('x');
  const run = read({ ...options, source, model, schema: bad as never, store: createMemoryRunStore() });
  await expect(run.result).rejects.toMatchObject({ code: 'invalid-option', data: { option: 'schema' } });
  expect(model.requests).toEqual([]);
});

test('a schema needs a language model', () => {
  expect(() => read({ ...options, source, schema })).toThrow('Option schema needs a language model');
});

test('the evidence reader reads, and the model alone fills in the schema', async () => {
  const model = createModel(found(answer));
  const store = createMemoryRunStore();
  const run = read({ ...options, reader: 'evidence', schema, source, model, store });
  expect(await run.result).toMatchObject({ object: answer, reader: 'evidence', usage: { calls: 1 } });
});
