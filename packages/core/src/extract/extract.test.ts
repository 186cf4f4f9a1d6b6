import * as fc from 'fast-check';
import { jsonSchema } from 'ai';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import type { StoredEvent } from '../run/events.ts';
import { read, resume } from '../run/read.ts';
import { dyingAfter } from '../store/dying-after.ts';
import { collectEvents } from '../store/collect-events.ts';
import { createMemoryRunStore } from '../store/memory-run-store.ts';
import { createRuleModel } from '../testing/rule-model.ts';
import { createScriptedModel, promptMessages } from '../testing/scripted-model.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { extract, type ExtractOptions, type ExtractRun, resumeExtract } from './extract.ts';
import { readRecords } from './read-records.ts';
import type { ExtractedRecord } from './records.ts';

/** A word of up to four characters is a token, and so is each further four, so that JSON without spaces counts. */
const words: Tokenizer = {
  name: 'words',
  exact: true,
  count: (text) => text.match(/\S{1,4}/g)?.length ?? 0,
  countPrompt: (messages) => messages.reduce((sum, { content }) => sum + words.count(content), 0),
};

const schema = z.object({ name: z.string(), year: z.int(), place: z.string().optional() });
type Keeper = z.output<typeof schema>;

const options = {
  schema,
  tokenizer: words,
  window: 4000,
  sectionTokens: 60,
  overlapTokens: 30,
  outputTokens: 400,
  retry: { retries: 0, minDelayMs: 0 },
};

const filler = 'It rained all day and the sea was grey.';
const line = ({ name, year, place }: Keeper): string =>
  `Name: ${name}; year: ${year}${place === undefined ? '' : `; place: ${place}`}\n`;

async function all<T>(run: ExtractRun<T>): Promise<ExtractedRecord<T>[]> {
  return Array.fromAsync(run.records());
}

const start = <T = Keeper>(more: Partial<ExtractOptions<T>> & Pick<ExtractOptions<T>, 'source'>) =>
  extract<T>({
    ...(options as unknown as ExtractOptions<T>),
    model: createRuleModel(words),
    store: createMemoryRunStore(),
    ...more,
  });

const keepers: Keeper[] = Array.from({ length: 12 }, (_, index) => ({
  name: ['Ada', 'Bo', 'Cem', 'Dag', 'Eva', 'Finn'][index % 6]! + ['Holm', 'Berg'][index % 2]! + index,
  year: 1800 + 7 * index,
  place: `Skerry ${index}`,
}));
const source = keepers.map((keeper) => `${filler} ${filler}\n\n${line(keeper)}\n`).join('');

test('collects every record once, with the place of each value, and tells what happens as it does', async () => {
  const store = createMemoryRunStore();
  const model = createRuleModel(words);
  const run = start({ source, store, model });
  const seen: StoredEvent[] = [];
  for await (const event of run) seen.push(event);
  const result = await run.result;
  const records = await all(run);
  expectTypeOf(records[0]!.record).toEqualTypeOf<Keeper>();
  expect(records.map(({ record }) => record)).toEqual(keepers);
  expect(records.map(({ id }) => id)).toEqual(keepers.map((_, index) => index + 1));
  for (const { record, fields, conflicts, unsupported } of records) {
    expect([conflicts, unsupported]).toEqual([[], []]);
    for (const [field, values] of Object.entries(fields)) {
      const [{ value, citations }] = values as [(typeof values)[0]];
      expect(value).toBe(record[field as keyof Keeper]);
      expect(source.slice(citations[0]?.start, citations[0]?.end)).toBe(String(value));
    }
  }
  expect(result).toMatchObject({
    found: true,
    answer: '12 records from 12 mentions',
    strategy: 'extract',
    extraction: { records: 12, mentions: 12, conflicts: 0, dropped: { records: 0, pieces: 0, first: [] } },
  });
  expect(result.sections).toBeGreaterThan(5);
  for (const call of model.requests) {
    expect(words.countPrompt(promptMessages(call)) + (call.maxOutputTokens ?? 0)).toBeLessThanOrEqual(4000);
    expect(call.temperature).toBe(0);
    expect(call.responseFormat).toMatchObject({ type: 'json', name: 'reply' });
  }
  const merged = seen.flatMap((event) => (event.type === 'records-merged' ? [event] : []));
  expect(merged.map(({ section }) => section)).toEqual(merged.map((_, index) => index + 1));
  expect(merged.at(-1)?.total).toBe(12);
  expect(merged.flatMap((event) => event.records.filter(({ outcome }) => outcome === 'added'))).toHaveLength(
    12,
  );
  expect(await collectEvents(store, run.runId)).toEqual(seen);
  expect(seen.at(-1)).toMatchObject({ type: 'run-end', result: { extraction: { records: 12 } } });
});

const planted = fc.record({
  names: fc.uniqueArray(fc.stringMatching(/^[A-Z][a-z]{3,8} [A-Z][a-z]{3,8}$/), {
    minLength: 1,
    maxLength: 25,
    selector: (name) => name.toLowerCase(),
  }),
  seed: fc.nat(),
  sectionTokens: fc.integer({ min: 30, max: 200 }),
  concurrency: fc.integer({ min: 1, max: 5 }),
  isKeyed: fc.boolean(),
  isMultiline: fc.boolean(),
});

test('finds each planted record exactly once, wherever sections are cut', async () => {
  await fc.assert(
    fc.asyncProperty(planted, async ({ names, seed, isKeyed, isMultiline, ...rest }) => {
      const wanted = names.map((name, index) => ({ name, year: 1000 + ((seed + index * 97) % 1000) }));
      const text = wanted
        .map((keeper, index) => {
          const gap = `${filler} `.repeat((seed + index * index) % 4);
          return `${gap}\n\n${isMultiline ? line(keeper).replaceAll('; ', '\n') : line(keeper)}`;
        })
        .join('');
      const run = start({
        ...rest,
        source: text,
        ...(isKeyed ? { key: ['name', 'year'] } : {}),
        overlapTokens: 40,
      });
      const records = await all(run);
      expect(records.map(({ record }) => record)).toEqual(wanted);
      for (const { fields, unsupported, conflicts } of records) {
        expect([unsupported, conflicts]).toEqual([[], []]);
        const [name] = fields['name']?.[0]?.citations ?? [];
        expect(text.slice(name?.start, name?.end)).toBe(fields['name']?.[0]?.value);
      }
    }),
    { numRuns: 25 },
  );
});

describe('mentions of one record', () => {
  test('in other writing are one, by their key', async () => {
    const text = [
      line({ name: 'Zoë Hólm', year: 1874 }),
      filler,
      line({ name: '  zoe  HOLM.', year: 1874, place: 'Skagen' }),
    ].join('\n\n');
    const run = start({ source: text, key: ['name'] });
    const records = await all(run);
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      record: { name: 'Zoë Hólm', year: 1874, place: 'Skagen' },
      conflicts: [],
      mentions: 2,
    });
    expect(records[0]?.fields['year']?.[0]?.citations).toHaveLength(2);
  });

  test('with a slip of the pen are one without a key, and both writings are kept', async () => {
    const text = [
      line({ name: 'Ada Margarethe Holm', year: 1874, place: 'Skagen' }),
      line({ name: 'Ada Margarete Holm', year: 1874, place: 'Skagen' }),
      line({ name: 'Ada Margarete Holm', year: 1875, place: 'Skagen' }),
    ].join('\n\n');
    const records = await all(start({ source: text }));
    expect(records.map(({ mentions }) => mentions)).toEqual([2, 1]);
    expect(records[0]?.conflicts).toEqual(['name']);
    expect(records[0]?.fields['name']?.map(({ value }) => value)).toEqual([
      'Ada Margarethe Holm',
      'Ada Margarete Holm',
    ]);
  });

  test('that contradict each other stay side by side, each with its place; what most say comes first', async () => {
    const years = [1874, 1875, 1875];
    const text = years.map((year) => `${filler}\n\n${line({ name: 'Ada Holm', year })}`).join(filler);
    const run = start({ source: text, key: ['name'], sectionTokens: 40 });
    const [record, ...others] = await all(run);
    expect(others).toEqual([]);
    expect(record).toMatchObject({ record: { year: 1875 }, conflicts: ['year'], mentions: 3 });
    const values = record?.fields['year'] ?? [];
    expect(values.map(({ value, mentions }) => [value, mentions])).toEqual([
      [1875, 2],
      [1874, 1],
    ]);
    for (const { value, citations } of values) {
      for (const { start: from, end } of citations) expect(text.slice(from, end)).toBe(String(value));
    }
    expect(await run.result).toMatchObject({ extraction: { records: 1, mentions: 3, conflicts: 1 } });
  });

  test('one that lacks its key is told apart by all its fields', async () => {
    const own = z.object({ id: z.string().optional(), name: z.string() });
    const text = 'id: A1\nname: Ada\n\nname: Ada\n\nid: A1\nname: Ida\n\nname: Ada\n\n';
    const records = await all(start({ schema: own, source: text, key: ['id'] }));
    expect(records.map(({ record, mentions, conflicts }) => [record, mentions, conflicts])).toEqual([
      [{ id: 'A1', name: 'Ada' }, 2, ['name']],
      [{ name: 'Ada' }, 2, []],
    ]);
  });
});

describe('replies that are of no use', () => {
  test('a reply that is no JSON is asked for again, with what was wrong', async () => {
    const model = createRuleModel(words, (reply, index) => (index === 0 ? 'Certainly!' : reply));
    const run = start({ source, model, concurrency: 1 });
    expect(await all(run)).toHaveLength(12);
    expect(promptMessages(model.requests[1]!)[0]?.content).toContain('could not be used: it is not JSON');
    expect(await run.result).toMatchObject({
      usage: { retries: 1 },
      extraction: { dropped: { records: 0 } },
    });
  });

  test('a record that never follows the schema is left out and named; the others of its section are kept', async () => {
    const text = `${line(keepers[0]!)}\nName: Bo; year: unknown\n\n${line(keepers[1]!)}\n`;
    const run = start({ source: text });
    expect((await all(run)).map(({ record }) => record)).toEqual(keepers.slice(0, 2));
    expect(await run.result).toMatchObject({
      usage: { retries: 2 },
      extraction: {
        records: 2,
        dropped: {
          records: 1,
          pieces: 0,
          first: [
            {
              reason: 'invalid',
              message: expect.stringMatching(/^record 2: \/year: .*number/),
              section: 1,
              fields: { name: 'Bo', year: 'unknown' },
            },
          ],
        },
      },
    });
  });

  test.each([
    ['nothing', { text: '' }, 'empty'],
    ['a refusal', { text: "I'm sorry, but I can't help with that." }, 'refused'],
    ['prose', { text: 'There are two keepers.' }, 'invalid'],
    ['other JSON', { text: '{"keepers": 2}' }, 'invalid'],
  ])('%s, every time, is told of, and the other sections are read', async (_name, reply, reason) => {
    const rule = createRuleModel(words);
    const model = createScriptedModel((call) =>
      promptMessages(call)[0]?.content.includes(keepers[0]!.name)
        ? reply
        : Promise.resolve(rule.doGenerate(call)).then(textOf),
    );
    const store = createMemoryRunStore();
    const run = start({
      source,
      model,
      store,
      retry: { retries: 1, minDelayMs: 0, maxDelayMs: 1 },
      overlapTokens: 0,
    });
    const records = await all(run);
    const { extraction } = await run.result;
    expect(records.map(({ record }) => record.name)).not.toContain(keepers[0]!.name);
    expect(records.length).toBeGreaterThanOrEqual(9);
    expect(extraction?.dropped).toMatchObject({ pieces: 1, first: [{ reason, section: 1 }] });
    const events = await collectEvents(store, run.runId);
    expect(events).toContainEqual(
      expect.objectContaining({ code: 'records-dropped', message: expect.stringContaining('Section 1:') }),
    );
  });

  test('a section with more records than a reply holds is divided until they fit', async () => {
    const model = createRuleModel(words);
    const run = start({ source, model, sectionTokens: 600, outputTokens: 70 });
    expect((await all(run)).map(({ record }) => record)).toEqual(keepers);
    const store = await run.result;
    expect(store.extraction?.dropped).toEqual({ records: 0, pieces: 0, first: [] });
    expect(store.sections).toBeLessThan(4);
    expect(model.requests.length).toBeGreaterThan(8);
  });

  test('a piece too small to be divided gives what was whole of its reply, and the rest is told of', async () => {
    const cut = createScriptedModel(() => ({
      text: '{"records": [{"record": {"name": "Ada", "year": 1874}, "quotes": {"name": "Ada"}}, {"record": {"name": "B',
      finishReason: 'length',
    }));
    const run = start({ source: 'Ada came in 1874, and Bo, and others.\n', model: cut });
    expect((await all(run)).map(({ record }) => record)).toEqual([{ name: 'Ada', year: 1874 }]);
    expect((await run.result).extraction?.dropped).toMatchObject({ pieces: 1, first: [{ reason: 'cut' }] });
  });
});

test('a value whose quotation is not in the source is kept and marked', async () => {
  const made = {
    records: [
      { record: { name: 'Ada Holm', year: 1874 }, quotes: { name: 'ADA  Holm', year: 'in the year 1874' } },
      { record: { name: 'Bo Berg', year: 1880 } },
    ],
  };
  const model = createScriptedModel(() => JSON.stringify(made));
  const text = 'The lighthouse was kept by Ada\nHolm. It was in 1874.';
  const run = start({ source: text, model });
  const [ada, bo] = await all(run);
  expect(ada?.unsupported).toEqual(['year']);
  const [name] = ada?.fields['name']?.[0]?.citations ?? [];
  expect(text.slice(name?.start, name?.end)).toBe('Ada\nHolm');
  expect(ada?.fields['year']?.[0]?.citations).toEqual([
    { quote: 'in the year 1874', supported: false, source: '', page: null, start: 0, end: 0, section: 1 },
  ]);
  expect(bo?.unsupported).toEqual(['name', 'year']);
  expect(await run.result).toMatchObject({ extraction: { records: 2, unsupported: 2 } });
});

test('what a model adds to a record, and records without a value, are passed over', async () => {
  const made = [{ name: 'Ada', year: 1874, mood: 'glad' }, { name: '', year: 0, place: null }, { name: ' ' }];
  const loose = z.object({ name: z.string(), year: z.int().optional() });
  const model = createScriptedModel(() => JSON.stringify(made));
  const run = start({ source: 'Ada came in 1874.', model, schema: loose });
  expect((await all(run)).map(({ record, fields }) => [record, Object.keys(fields)])).toEqual([
    [{ name: 'Ada', year: 1874 }, ['name', 'year']],
    [{ name: '', year: 0 }, ['year']],
  ]);
});

test('quotations lead to the right one of several sources, and not to the lines between them', async () => {
  const run = start({
    source: [
      { text: line(keepers[0]!), name: 'north.txt' },
      { text: line(keepers[1]!), name: 'south.txt' },
    ],
    sectionTokens: 400,
  });
  const records = await all(run);
  expect(records.map(({ fields }) => fields['name']?.[0]?.citations[0]?.source)).toEqual([
    'north.txt',
    'south.txt',
  ]);
  expect(records[1]?.fields['name']?.[0]?.citations[0]).toMatchObject({ start: 6 });
});

test('killed at every event, a resumed run ends as the uninterrupted one, and pays for nothing twice', async () => {
  const text = keepers
    .slice(0, 6)
    .map((keeper) => `${filler}\n\n${line(keeper)}\n`)
    .join('');
  // Small replies, so that some sections are divided.
  const own = { source: text, sectionTokens: 80, outputTokens: 60, key: ['name'], concurrency: 2 };
  const whole = createMemoryRunStore();
  const first = start({ ...own, store: whole });
  const expected = await all(first);
  const { extraction } = await first.result;
  const events = await collectEvents(whole, first.runId);
  expect(events.some((event) => event.type === 'records-extracted' && event.outcome === 'divided')).toBe(
    true,
  );
  expect(expected.map(({ record }) => record)).toEqual(keepers.slice(0, 6));
  const steps = events.filter(({ type }) => type === 'records-extracted').length;

  for (let count = 1; count < events.length; count += 1) {
    const store = createMemoryRunStore();
    const stopped = start({ ...own, store: dyingAfter(store, count) });
    await expect(stopped.result).rejects.toThrow('killed');
    const committed = (await collectEvents(store, stopped.runId)).filter(
      ({ type }) => type === 'records-extracted',
    ).length;
    const model = createRuleModel(words);
    const { runId } = stopped;
    const again = resumeExtract({
      runId,
      schema,
      model,
      source: text,
      tokenizer: words,
      store,
      concurrency: 2,
    });
    expect(await all(again), `after ${count} events`).toEqual(expected);
    expect((await again.result).extraction).toEqual(extraction);
    expect(model.requests).toHaveLength(steps - committed);
    await store.close();
  }
});

test('resume goes on with a run of extract too; its records are read from the store', async () => {
  const store = createMemoryRunStore();
  const stopped = start({ source, store, maxTokens: 4000, concurrency: 1 });
  await expect(stopped.result).rejects.toMatchObject({ code: 'limit-reached', resumable: true });
  const { runId } = stopped;
  const before = await Array.fromAsync(readRecords(store, runId));
  expect(before.length).toBeGreaterThan(0);
  expect(before.length).toBeLessThan(12);
  const run = resume({ runId, model: createRuleModel(words), source, tokenizer: words, store });
  expect(await run.result).toMatchObject({ extraction: { records: 12 } });
  const records = await Array.fromAsync(readRecords(store, runId, schema));
  expect(records.map(({ record }) => record)).toEqual(keepers);
});

test('records are built from the events where the file beside the run is gone', async () => {
  const store = createMemoryRunStore();
  const run = start({ source, store, outputTokens: 70, sectionTokens: 300 });
  const expected = await all(run);
  const { rm } = await import('node:fs/promises');
  await rm(await store.folder(run.runId), { recursive: true });
  expect(await Array.fromAsync(readRecords(store, run.runId, schema))).toEqual(expected);
});

test('an abort stops it at once, resumably', async () => {
  const hanging = createScriptedModel(() => ({ text: 'too late', delayMs: 2 ** 31 - 1 }));
  const controller = new AbortController();
  const reason = new Error('enough');
  const store = createMemoryRunStore();
  const run = start({ source, model: hanging, store, signal: controller.signal });
  const follow = async (): Promise<void> => {
    for await (const { type } of run) if (type === 'call-start') controller.abort(reason);
  };
  await expect(follow()).rejects.toBe(reason);
  await expect(all(run)).rejects.toBe(reason);
  expect(await store.get(run.runId)).toMatchObject({ status: 'stopped' });
});

test('a document without records has none', async () => {
  const run = start({ source: filler });
  expect(await all(run)).toEqual([]);
  expect(await run.result).toMatchObject({
    found: false,
    answer: '0 records from 0 mentions',
    citations: [],
  });
});

test('an empty document is refused', async () => {
  const store = createMemoryRunStore();
  await expect(start({ source: ' \n', store }).result).rejects.toMatchObject({ code: 'source-empty' });
  expect(await store.list()).toEqual([]);
});

test.each([
  ['a list', z.array(schema), /must describe one record/],
  ['a text', z.string(), /must describe one record/],
  ['an object without properties', jsonSchema({ type: 'object' }), /must describe one record/],
  ['a plain object', { type: 'object', properties: { a: {} } }, /jsonSchema\(…\)/],
])('refuses %s as a schema before anything is asked', async (_name, bad, message) => {
  const model = createRuleModel(words);
  const run = start({ source, model, schema: bad as never });
  await expect(run.result).rejects.toMatchObject({
    code: 'invalid-option',
    message: expect.stringMatching(message),
  });
  expect(model.requests).toEqual([]);
});

test.each([
  [{ key: ['born'] }, /Option key names "born", but the schema has name, year, place/],
  [{ instructions: 'word '.repeat(2000) }, /The instructions have \d+ tokens/],
  [{ window: 500 }, /The window of 500 tokens leaves -?\d+ for a section/],
])('%o is refused', async (bad, message) => {
  await expect(start({ source, ...bad }).result).rejects.toThrow(message);
});

test.each([
  [{ model: undefined }, 'Option model is needed'],
  [{ schema: undefined }, 'Option schema is needed'],
  [{ similarity: 2 }, 'Option similarity'],
  [{ keys: ['name'] }, 'Option keys is not an option'],
  [{ instructions: ' ' }, 'Option instructions'],
  [{ maxCost: 1 }, 'Option maxCost needs prices'],
])('%o is misuse', (bad, message) => {
  expect(() => start({ source, ...(bad as object) })).toThrow(message);
});

test('a run that answered a question has no records', async () => {
  const store = createMemoryRunStore();
  const run = read({ question: 'Who?', source: filler, store });
  await run.result;
  await expect(Array.fromAsync(readRecords(store, run.runId))).rejects.toMatchObject({
    code: 'invalid-option',
  });
  await expect(Array.fromAsync(readRecords(store, 'none'))).rejects.toMatchObject({ code: 'run-not-found' });
});

function textOf({ content }: Awaited<ReturnType<ReturnType<typeof createRuleModel>['doGenerate']>>): string {
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}
