import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryRunStore, read } from '@memagent/core';
import { afterAll, expect, test, vi } from 'vitest';
import type { Conversation } from '../glossary.ts';
import { smallTinyConfig } from './sample-config.ts';
import type { TinyObservation } from './sample-batch.ts';
import { createTinyBackend } from './tiny-backend.ts';
import { createTinyModel } from './tiny-model.ts';
import { createTinyPolicy } from './tiny-policy.ts';
import { tinyTemplate } from './tiny-prompt.ts';
import { tinyReading } from './tiny-setup.ts';
import { createTinyItem } from './tiny-task.ts';
import { decode } from './tiny-tokenizer.ts';
import { endId } from './vocabulary.ts';

vi.setConfig({ testTimeout: 180_000 });

const backend = createTinyBackend({ config: smallTinyConfig, seed: 5 });
const policy = createTinyPolicy(backend, tinyTemplate);
const reading = await tinyReading();
const item = createTinyItem({ name: 'update', sections: 3, seed: 1, index: 0 });
const text = (await Array.fromAsync(item.document())).join('');
const folders: string[] = [];

afterAll(async () => {
  await backend.close();
  for (const folder of folders) await rm(folder, { recursive: true });
});

async function rollOut(seed: number) {
  const conversations: Conversation<TinyObservation>[] = [];
  const reader = policy.createReader({
    temperature: 1,
    topP: 1,
    seed,
    record: (conversation) => conversations.push(conversation),
  });
  const store = createMemoryRunStore();
  const run = read({ ...reading, question: item.question, source: { text }, reader, store });
  const result = await run.result;
  const memories: string[] = [];
  for await (const event of store.events(run.runId)) {
    if (event.type === 'memory-updated') memories.push(event.memory);
  }
  return { conversations, result, memories };
}

test("core's agent reads with it, and each conversation is recorded token by token as it was sampled", async () => {
  const { conversations, result, memories } = await rollOut(7);
  expect(result.sections).toBe(3);
  expect(conversations.map(({ step, isAnswer }) => [step, isAnswer])).toEqual([
    ['update/1', false],
    ['update/2', false],
    ['update/3', false],
    ['answer', true],
  ]);
  // What the second update saw is what the first wrote.
  expect(decode(conversations[1]?.observation ?? [])).toContain(
    `memory ${memories[0]} ${item.question} update`,
  );
  expect(decode(conversations[0]?.actions ?? [])).toBe(memories[0]);
  const again = await backend.logprobs(conversations);
  for (const [index, { actions, logprobs }] of conversations.entries()) {
    expect(logprobs).toHaveLength(actions.length);
    logprobs.forEach((logprob, at) => expect(again[index]?.[at]).toBeCloseTo(logprob, 4));
  }
});

test('a rollout follows from its seed, whatever runs beside it', async () => {
  const alone = await rollOut(7);
  const [beside] = await Promise.all([rollOut(7), rollOut(8), rollOut(9)]);
  expect(beside?.conversations).toEqual(alone.conversations);
  expect((await rollOut(8)).conversations).not.toEqual(alone.conversations);
});

test('an empty answer is an answer of the policy, and is trained on as one', async () => {
  const ended = { actions: [endId], logprobs: [-1], entropy: 0, finish: 'end' } as const;
  const silent = { ...backend, sample: async () => ended };
  const conversations: Conversation<TinyObservation>[] = [];
  const reader = createTinyPolicy(silent, tinyTemplate).createReader({
    temperature: 1,
    topP: 1,
    seed: 1,
    record: (conversation) => conversations.push(conversation),
  });
  const store = createMemoryRunStore();
  const run = read({ ...reading, question: item.question, source: { text }, reader, store });
  expect(await run.result).toMatchObject({ answer: '', found: false, memory: '' });
  expect(conversations.map(({ actions }) => actions)).toEqual(Array.from({ length: 4 }, () => [endId]));
});

test('a saved model is a language model that gives equal replies to equal calls', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'memagent-tiny-'));
  folders.push(folder);
  await backend.save(folder);
  const { model, close } = await createTinyModel(folder);
  const ask = async (seed: number) => {
    const options = { model, template: tinyTemplate, temperature: 0.7, seed, store: createMemoryRunStore() };
    const run = read({ ...reading, ...options, question: item.question, source: { text } });
    const { memory, usage, model: name } = await run.result;
    return { memory, usage, name };
  };
  const first = await ask(1);
  expect(first.name).toBe('memagent/tiny');
  expect(first.usage.calls).toBe(4);
  expect(await ask(1)).toEqual(first);
  expect(await ask(2)).not.toEqual(first);
  await close();
});
