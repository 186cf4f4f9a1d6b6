import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryRunStore, MemagentError, type RunStore } from '@memagent/core';
import { createScriptedModel, promptMessages } from '@memagent/core/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EvalItem } from '../item.ts';
import { readRecords } from './read-records.ts';
import { openResultFolder, resultsPath } from './result-folder.ts';
import { type EvaluationOptions, type PlannedItem, runEvaluation } from './run-evaluation.ts';
import type { Subject } from './subject.ts';

let out: string;
let store: RunStore;
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'memagent-eval-test-'));
  store = createMemoryRunStore();
});
afterEach(async () => {
  await store.close();
  await rm(out, { recursive: true });
});

const names = ['Anna', 'Boris', 'Clara'];
const text = (name: string) => `${name} lives in the house number ${name.length * 11}.`;

function planned(name: string): PlannedItem {
  const item: EvalItem = {
    id: name,
    task: 'houses',
    question: `In which house number does ${name} live?`,
    answers: [String(name.length * 11)],
    metric: 'string-match-all',
    outputTokens: 16,
    document: () => ReadableStream.from([`It rains. ${text(name)}`]),
    tokens: 14,
    evidence: [{ start: 10, end: 10 + text(name).length }],
    meta: { seed: 1 },
  };
  return { id: name, tokens: 14, make: async () => item };
}

const extractive: Subject = { name: 'extractive', reading: { reader: 'extractive' } };

function run(options: Partial<EvaluationOptions> = {}) {
  return runEvaluation({
    items: names.map(planned),
    subjects: [extractive],
    strategies: ['memory', 'retrieve'],
    out,
    store,
    concurrency: 2,
    signal: new AbortController().signal,
    versions: { memagent: '0', node: '0' },
    now: () => 0,
    ...options,
  });
}

/** A model that answers right, and counts how often it was asked. */
function createAnswerer(fails: (prompt: string) => boolean = () => false) {
  return createScriptedModel((call) => {
    const prompt = promptMessages(call)
      .map(({ content }) => content)
      .join('\n');
    if (fails(prompt)) return { error: new Error('no such luck') };
    return `${prompt.match(/\w+ lives in the house number \d+/)?.[0] ?? 'nothing'} [1].`;
  });
}

const subjectOf = (model: ReturnType<typeof createAnswerer>): Subject => ({
  name: 'scripted',
  reading: { model, tokenizer: 'o200k_base' },
  session: { retry: { retries: 0 } },
});

test('every item is asked with every strategy, scored, and written as one line', async () => {
  const seen: string[] = [];
  const records = await run({
    onRecord: ({ item, strategy }, { done, total, isNew }) =>
      seen.push(`${item} ${strategy} ${done}/${total} ${isNew}`),
  });
  expect(seen).toHaveLength(6);
  expect(seen.at(-1)).toMatch(/6\/6 true/);
  expect(await readRecords(resultsPath(out))).toEqual(records);
  const anna = records.find(({ item, strategy }) => item === 'Anna' && strategy === 'memory');
  expect(anna).toMatchObject({
    status: 'scored',
    subject: 'extractive',
    score: 1,
    found: true,
    evidence: { ever: 1, atEnd: 1 },
    citationPrecision: 1,
    usage: { calls: 0 },
    sections: 1,
    settings: { reader: 'extractive', strategy: 'memory', tokenizer: 'o200k_base' },
  });
  // Metrics see the answer without its marks.
  expect(anna?.status === 'scored' && anna.prediction).not.toContain('[1]');
});

test('a failure is a record with score 0, and is tried again', async () => {
  const model = createAnswerer((prompt) => prompt.includes('Boris'));
  const options = { subjects: [subjectOf(model)], strategies: ['memory'] };
  const records = await run(options);
  expect(records.map(({ item, status }) => [item, status]).toSorted()).toEqual([
    ['Anna', 'scored'],
    ['Boris', 'failed'],
    ['Clara', 'scored'],
  ]);
  expect(records.find(({ status }) => status === 'failed')).toMatchObject({
    error: { code: 'model-failed', message: expect.stringContaining('no such luck') },
    usage: { calls: 0, retries: 0 },
  });
  const mended = createAnswerer();
  const again = await run({ ...options, subjects: [subjectOf(mended)] });
  expect(again.map(({ status }) => status)).toEqual(['scored', 'scored', 'scored']);
  // Only Boris was asked again: an update and an answer.
  expect(mended.requests).toHaveLength(2);
  expect(await readRecords(resultsPath(out))).toHaveLength(3);
});

test('what is in the folder is not made again; a line cut short by a crash is', async () => {
  const model = createAnswerer();
  const options = { subjects: [subjectOf(model)], strategies: ['memory'], concurrency: 1 };
  await run(options);
  const lines = (await readFile(resultsPath(out), 'utf8')).split('\n').filter(Boolean);
  await writeFile(resultsPath(out), `${lines[0]}\n${lines[1]}\n${lines[2]?.slice(0, 50)}`);
  const records = await run(options);
  expect(records).toHaveLength(3);
  // The run of the third is still in the store: its result is taken from there.
  expect(model.requests).toHaveLength(6);
  expect(await readRecords(resultsPath(out))).toHaveLength(3);
});

test('an abort keeps what was answered, and the next call goes on', async () => {
  const controller = new AbortController();
  const model = createAnswerer();
  const options = { subjects: [subjectOf(model)], strategies: ['memory'], concurrency: 1 };
  const aborted = run({ ...options, signal: controller.signal, onRecord: () => controller.abort() });
  await expect(aborted).rejects.toThrow(/abort/i);
  expect(await readRecords(resultsPath(out))).toHaveLength(1);
  expect(await run(options)).toHaveLength(3);
  expect(model.requests).toHaveLength(6);
});

test('a folder holds one evaluation', async () => {
  await openResultFolder(out, { plan: 'a', items: 3 });
  await openResultFolder(out, { plan: 'a', items: 3 });
  const other = openResultFolder(out, { plan: 'a', items: 4 });
  await expect(other).rejects.toBeInstanceOf(MemagentError);
  await expect(other).rejects.toThrow(/another evaluation/);
});

test('a file that holds no results is refused, naming the line', async () => {
  await writeFile(resultsPath(out), 'hello\n{}\n');
  await expect(readRecords(resultsPath(out))).rejects.toThrow(
    /results\.jsonl, line 1: not a result, but "hello"/,
  );
});
