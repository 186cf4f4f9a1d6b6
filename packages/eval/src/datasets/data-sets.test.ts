/** What holds for every data set: the contract of `DataSet`, over rows in the published format. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findMetric } from '../metrics/find-metric.ts';
import { collectItems, readDocument } from './collect-items.ts';
import { dataSets, findDataSet } from './data-sets.ts';
import { fixture, sample } from './sample-files.ts';

/** Files, items, and skipped rows or questions; the counts are those of the files, taken outside this program. */
const cases: readonly [name: string, files: string[], items: number, skipped: number][] = [
  ['longbench-v1', [fixture('longbench-v1')], 8, 2],
  ['longbench-v2', [fixture('longbench-v2.json')], 1, 0],
  ['l-eval', [fixture('leval')], 6, 1],
  ['narrativeqa', [fixture('narrativeqa')], 2, 1],
  ['narrativeqa', [fixture('narrativeqa.parquet')], 3, 0],
  ['fairytaleqa', [sample('fairytaleqa')], 84, 0],
  ['locomo', [fixture('locomo.json')], 5, 1],
  ['longmemeval', [sample('longmemeval_oracle.json')], 2, 0],
  ['hotpotqa', [sample('hotpotqa.json')], 4, 0],
  ['hotpotqa', [sample('hotpotqa.parquet')], 4, 0],
  ['2wikimultihopqa', [sample('2wikimultihopqa.json')], 4, 0],
  ['musique', [sample('musique.jsonl')], 4, 0],
  ['squad', [sample('squad.json')], 170, 0],
  ['questions', [sample('questions_docs.jsonl'), sample('questions.jsonl.gz')], 6, 0],
  ['questions', [sample('../hotpotqa/questions.jsonl.gz')], 128, 0],
  ['questions', [sample('../squad/questions.jsonl.gz')], 100, 0],
];

it('tests every data set', () => {
  expect(new Set(cases.map(([name]) => name))).toEqual(new Set(dataSets.map(({ name }) => name)));
});

describe.each(cases)('%s from %s', (name, files, itemCount, skippedCount) => {
  const dataSet = findDataSet(name);

  it('gives every question once, and counts what it leaves out', async () => {
    const { items, skipped } = await collectItems(dataSet, files);
    expect({ items: items.length, skipped: skipped.length }).toEqual({
      items: itemCount,
      skipped: skippedCount,
    });
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
    expect(items.filter(({ id, task }) => !id.startsWith(`${task}/`))).toEqual([]);
  });

  it('can be scored: a right answer gets full marks', async () => {
    const { items } = await collectItems(dataSet, files);
    const scores = items.map(({ metric, answers, choices, unanswerable }) =>
      findMetric(metric)({
        prediction: answers[0] ?? '',
        answers,
        found: unanswerable !== true,
        ...(choices ? { choices } : {}),
        ...(unanswerable ? { unanswerable } : {}),
      }),
    );
    expect(scores).toEqual(items.map(() => 1));
  });

  it('streams the same document each time, and marks evidence inside it', async () => {
    const { items } = await collectItems(dataSet, files);
    for (const item of items.slice(0, 10)) {
      expect(await readDocument(item)).toBe(item.text);
      expect(item.text.trim()).not.toBe('');
      expect(item.passages).toEqual(item.passages.map((passage) => passage.trim()));
      expect(item.passages).not.toContain('');
    }
    const asked = items.filter(({ unanswerable }) => unanswerable);
    expect(asked.flatMap(({ passages }) => passages)).toEqual([]);
  });

  it('says what it received from a file of another kind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'memagent-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'other.json');
    await writeFile(file, '[{"colour": "red", "size": 3}, {"colour": "blue"}]');
    const { message } = await collectItems(dataSet, [file]).then(
      () => new Error('loaded'),
      (error: Error) => error,
    );
    expect(message).toMatch(
      /none of 2 rows can be used\. other\.json, row 1: received the keys colour, size; expected an object with /,
    );
  });
});

it('names the data sets that there are', () => {
  expect(() => findDataSet('longbench')).toThrow(/Unknown data set "longbench"; there are: longbench-v1, /);
});
