import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { expect, onTestFinished, test } from 'vitest';
import { createTinyItem } from '../tiny/tiny-task.ts';
import { type FilterLine, filterAnswerable, keptPositions } from './filter-answerable.ts';

const itemAt = async (index: number) => createTinyItem({ name: 'needle', sections: 1, seed: 1, index });

/** Knows the answers of even positions by heart. */
async function createKnowingModel() {
  const known = new Map<string, string>();
  for (const index of [0, 2]) {
    const { question, answers } = await itemAt(index);
    known.set(question, answers[0] ?? '');
  }
  const calls: string[] = [];
  const model = {
    async doGenerate({ prompt }: { prompt: { content: { text: string }[] }[] }) {
      const text = prompt[0]?.content[0]?.text ?? '';
      calls.push(text);
      const question = text.split('\n')[0] ?? '';
      return { content: [{ type: 'text', text: known.get(question) ?? 'unknown' }] };
    },
  };
  return { model: model as unknown as LanguageModelV4, calls };
}

test('questions that are answered without the document are left out, and none is asked again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'memagent-filter-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { model, calls } = await createKnowingModel();
  const filter = async (count: number): Promise<FilterLine[]> => {
    const options = {
      model,
      itemAt,
      count,
      tries: 3,
      file: join(folder, 'cache', 'filter.jsonl'),
      concurrency: 2,
    };
    return Array.fromAsync(filterAnswerable(options));
  };
  expect(keptPositions(await filter(3), 2)).toEqual([1]);
  expect(calls).toHaveLength(9);
  const lines = await filter(4);
  expect(lines.map(({ position, right }) => [position, right]).toSorted()).toEqual([
    [0, 3],
    [1, 0],
    [2, 3],
    [3, 0],
  ]);
  expect(calls).toHaveLength(12);
});
