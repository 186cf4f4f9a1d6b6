import { createExtractiveReader } from '@memagent/core';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import type { Sample } from '../glossary.ts';
import { gateSampleAt, wordTokenizer } from '../testing/gate-task.ts';
import { createAgentWorkflow } from './agent-workflow.ts';
import { createDocumentFiles } from './document-files.ts';
import { metricReward } from './metric-reward.ts';

const sample = gateSampleAt(1)(0);
const signal = new AbortController().signal;
const reader = createExtractiveReader();

const leftOver = async (): Promise<string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith(`memagent-sample-${process.pid}-`));

test('reads the sample with core\u2019s agent, and tells what happened', async () => {
  const workflow = createAgentWorkflow({ tokenizer: wordTokenizer, sectionTokens: 16 });
  const { result, events } = await workflow({ sample, reader, signal });
  expect(result.sections).toBeGreaterThan(1);
  expect(result).toMatchObject({ strategy: 'memory', reader: 'extractive' });
  expect(events[0]).toMatchObject({ type: 'run-start', settings: { question: sample.question } });
  expect(events.filter(({ type }) => type === 'memory-updated')).toHaveLength(result.sections);
  expect(events.at(-1)?.type).toBe('run-end');
  expect(metricReward('lenient-match')({ result, events }, sample)).toBe(1);
  expect(metricReward('strict-exact-match')({ result, events }, sample)).toBe(0);
  expect(metricReward('lenient-match')({ result, events }, { ...sample, answers: ['0'] })).toBe(0);
});

test('takes its options from the sample where they depend on it', async () => {
  const workflow = createAgentWorkflow(({ tokens }) => ({
    tokenizer: wordTokenizer,
    sectionTokens: tokens + 16,
  }));
  expect((await workflow({ sample, reader, signal })).result.sections).toBe(1);
});

test('stops with the signal\u2019s reason', async () => {
  const reason = new Error('enough');
  const workflow = createAgentWorkflow();
  await expect(workflow({ sample, reader, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test('readers at the same time share one file, which goes with the last', async () => {
  let written = 0;
  const counted: Sample = {
    ...sample,
    async *document() {
      written += 1;
      yield 'text';
    },
  };
  const files = createDocumentFiles();
  const paths = await Promise.all([1, 2, 3].map(() => files.use(counted, async (file) => file)));
  expect(new Set(paths).size).toBe(1);
  expect(written).toBe(1);
  expect(await leftOver()).toEqual([]);
  await files.use(counted, async (file) => expect(file).not.toBe(paths[0]));
});

test('a document that cannot be made fails its readers, and leaves nothing behind', async () => {
  const broken: Sample = {
    ...sample,
    // eslint-disable-next-line require-yield -- it fails before it has anything to give
    async *document() {
      throw new Error('no such book');
    },
  };
  await expect(createDocumentFiles().use(broken, async () => 'read')).rejects.toThrow('no such book');
  expect(await leftOver()).toEqual([]);
});
