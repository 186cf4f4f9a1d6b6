import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { createScriptedModel, promptMessages } from '@memagent/core/testing';
import { afterEach, expect, test } from 'vitest';
import { readByRule } from './demonstrations.ts';
import { evaluateTiny, readTinyResults, type TinyEvaluationOptions } from './evaluate-tiny.ts';
import { summarizeTiny } from './summarize-tiny.ts';
import { firstEvaluationSeed } from './tiny-setup.ts';
import { tinyTemplate } from './tiny-prompt.ts';
import { createTinyTask, tinyTaskNames } from './tiny-task.ts';
import { decode, encodeChat } from './tiny-tokenizer.ts';

const out = await mkdtemp(join(tmpdir(), 'memagent-evaluate-tiny-'));
afterEach(() => rm(out, { recursive: true, force: true }));

/** A model that reads by the rule; `calls` counts, and the call after `most` fails. */
function createPerfectModel(sections: number, count: number, most = Number.POSITIVE_INFINITY) {
  const replies = new Map<string, string>();
  for (let index = 0; index < count; index++) {
    const name = tinyTaskNames[index % tinyTaskNames.length] ?? 'needle';
    const task = createTinyTask({ name, sections, seed: firstEvaluationSeed, index });
    for (const { observation, actions } of readByRule(task, tinyTemplate)) {
      replies.set(observation.join(), decode(actions));
    }
  }
  const made = { calls: 0 };
  const model: LanguageModelV4 = createScriptedModel((call) => {
    made.calls += 1;
    if (made.calls > most) throw new Error('killed');
    const prompt = encodeChat(promptMessages(call).map(({ content }) => content));
    return replies.get(prompt.join()) ?? 'nothing';
  });
  return { model, made };
}

function options(model: LanguageModelV4, sections: number, count: number): TinyEvaluationOptions {
  return {
    model,
    name: 'perfect',
    template: tinyTemplate,
    tasks: tinyTaskNames,
    sections,
    count,
    temperature: 0.7,
    topP: 0.95,
    out,
  };
}

test('a perfect reader is right about every task; what was read is not read again', async () => {
  const { model, made } = createPerfectModel(5, 8);
  const results = await evaluateTiny(options(model, 5, 8));
  expect(results.map(({ score }) => score)).toEqual(Array.from({ length: 8 }, () => 1));
  expect(made.calls).toBe(8 * 6);
  expect(summarizeTiny(results)[0]).toMatch(/^5 sections, all: 100\.0% \(\d+\.\d to 100\.0\), n = 8$/);

  // A line that a kill cut short counts for nothing.
  await appendFile(join(out, 'results.jsonl'), '{"name": "perf');
  const again = await evaluateTiny(options(model, 5, 8));
  expect(again).toHaveLength(8);
  expect(made.calls).toBe(8 * 6);
});

test('a long document goes on in its middle', async () => {
  const sections = 1030;
  const broken = createPerfectModel(sections, 1, 700);
  await expect(evaluateTiny(options(broken.model, sections, 1))).rejects.toThrow('killed');
  expect(await readTinyResults(out)).toEqual([]);

  const { model, made } = createPerfectModel(sections, 1);
  const [result] = await evaluateTiny(options(model, sections, 1));
  expect(result).toMatchObject({ score: 1, sections, index: 0 });
  expect(made.calls).toBe(sections + 1 - 700);
  const lines = (await readFile(join(out, 'results.jsonl'), 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(1);
});

test('a model that says nothing is wrong, and the evaluation goes on', async () => {
  const { model } = createPerfectModel(3, 4);
  const silent = createScriptedModel(() => '');
  const results = await evaluateTiny({ ...options(silent, 3, 2), name: 'silent' });
  expect(results.map(({ score, answer }) => ({ score, answer }))).toEqual([
    { score: 0, answer: '' },
    { score: 0, answer: '' },
  ]);
  expect((await evaluateTiny(options(model, 3, 4))).map(({ score }) => score)).toEqual([1, 1, 1, 1]);
});
