import { expect, it } from 'vitest';
import { z } from 'zod';
import type { EvalItem } from '../item.ts';
import { createItem } from './create-item.ts';
import type { SkippedRow } from './data-set.ts';
import { createPassage } from './join-passages.ts';
import { loadRows, type Skip } from './load-rows.ts';
import type { Row } from './rows/row.ts';

const schema = z.object({ question: z.string(), note: z.string().optional() });
const format = {
  dataSet: 'test',
  schema,
  *toItems({ question }: z.output<typeof schema>): Generator<EvalItem | Skip> {
    if (question === 'rubric') return yield { kind: 'unsupported', reason: 'needs a judge' };
    const fields = { id: question, task: 'test', question, answers: ['yes'], meta: {} };
    yield createItem({ ...fields, metric: 'f1', outputTokens: 8 }, createPassage('text'));
  },
};

async function load(values: unknown[]) {
  async function* rows(): AsyncGenerator<Row> {
    for (const [index, value] of values.entries()) {
      const row: Row = { file: '/data/test.jsonl', unit: 'line', number: index + 1, value };
      yield value === undefined ? { ...row, problem: 'not JSON: …' } : row;
    }
  }
  const skipped: SkippedRow[] = [];
  const ids: string[] = [];
  for await (const { id } of loadRows(rows(), format, { onSkipped: (row) => skipped.push(row) }))
    ids.push(id);
  return { ids, skipped };
}

it('passes over rows that do not fit, and lists each', async () => {
  const { ids, skipped } = await load([
    { question: 'a' },
    undefined,
    { answer: 'b', number: 2 },
    [1, 2],
    { question: 'rubric' },
    { question: 'c' },
  ]);
  expect(ids).toEqual(['a', 'c']);
  expect(skipped).toEqual([
    { kind: 'bad', file: '/data/test.jsonl', position: 'line 2', reason: 'not JSON: …' },
    {
      kind: 'bad',
      file: '/data/test.jsonl',
      position: 'line 3',
      reason:
        'received the keys answer, number; expected an object with question (question: Invalid input: expected string, received undefined)',
    },
    {
      kind: 'bad',
      file: '/data/test.jsonl',
      position: 'line 4',
      reason: 'received an array of 2; expected an object with question',
    },
    { kind: 'unsupported', file: '/data/test.jsonl', position: 'line 5', reason: 'needs a judge' },
  ]);
});

it('throws when not one row can be used, with the first reason', async () => {
  await expect(load([null, { question: 'rubric' }])).rejects.toMatchObject({
    code: 'source-unreadable',
    message:
      'Data set test: none of 2 rows can be used. test.jsonl, line 1: received null; expected an object with question. Check that these are the files of test: memagent data list says which.',
    data: { file: '/data/test.jsonl', position: 'line 1' },
  });
});

it('throws when there are no rows', async () => {
  await expect(load([])).rejects.toMatchObject({ code: 'source-empty' });
});
