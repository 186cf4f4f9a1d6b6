import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTiktokenTokenizer } from '@memagent/core';
import { describe, expect, test } from 'vitest';
import { bundledQuestions } from '../documents/bundled-questions.ts';
import { createMaterials } from '../documents/materials.ts';
import { estimatePlan } from './estimate-plan.ts';
import { parseLength } from './parse-length.ts';
import { checkPlan, loadPlan } from './plan.ts';
import { planItems } from './plan-items.ts';
import { findPreset, presetNames } from './presets.ts';

const tokenizer = await createTiktokenTokenizer('o200k_base');
const materials = createMaterials({ questions: bundledQuestions });

describe('lengths', () => {
  test.each([
    ['8192', 8192],
    ['8k', 8192],
    ['1M', 1_048_576],
    ['3.5m', 3_670_016],
    ['0', undefined],
    ['8 kb', undefined],
    ['', undefined],
    ['-4k', undefined],
  ])('%j is %j tokens', (text, tokens) => {
    expect(parseLength(text)).toBe(tokens);
  });
});

describe('plans', () => {
  test.each([
    [{ name: 'x', tasks: [{ task: 'vt' }] }, /needs either lengths \(tokens\) or paragraphs/],
    [{ name: 'x', tasks: [{ task: 'vt', lengths: ['8kb'] }] }, /received "8kb"/],
    [{ name: 'x', strategies: ['magic'] }, /strategies/],
    [{ name: 'x', lenghts: [1] }, /lenghts/],
    [{ name: 'x', items: 0 }, /items/],
  ])('%j is refused, saying where', (input, message) => {
    expect(() => checkPlan(input, 'x')).toThrow(message);
  });

  test('a YAML file is a plan', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'memagent-plan-'));
    try {
      const path = join(folder, 'plan.yaml');
      await writeFile(
        path,
        'name: mine\nitems: 2\ntasks:\n  - task: vt\n    lengths: [8k, 1m]\nbudgets:\n  memoryTokens: 512\n',
      );
      expect(await loadPlan(path)).toMatchObject({
        name: 'mine',
        seed: 42,
        strategies: ['memory'],
        tasks: [{ task: 'vt', lengths: [8192, 1_048_576] }],
        budgets: { memoryTokens: 512 },
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('every preset is a plan whose tasks exist', () => {
    expect(presetNames).toEqual(['smoke', 'ruler', 'ruler-hqa', 'weak-spots', 'paper']);
    for (const name of presetNames)
      expect(planItems(findPreset(name), { tokenizer, materials }).length).toBeGreaterThan(0);
  });

  test('no preset reads twice unless it is asked for', () => {
    for (const name of presetNames) expect(findPreset(name).strategies).not.toContain('reread');
    expect(checkPlan({ name: 'x', strategies: ['reread'] }, 'x').strategies).toEqual(['reread']);
  });

  test('the paper: 128 questions at ten lengths, thirteen tasks from 8K to 512K', () => {
    const items = planItems(findPreset('paper'), { tokenizer, materials });
    expect(items.filter(({ id }) => id.startsWith('ruler_hotpotqa'))).toHaveLength(1280);
    expect(items).toHaveLength(1280 + 13 * 7 * 128);
  });

  test('items are made as they are named, shortest documents first', async () => {
    const plan = checkPlan(
      { name: 'x', items: 2, tasks: [{ task: 'niah_single_2', lengths: ['8k', '4k'] }] },
      'x',
    );
    const items = planItems(plan, { tokenizer, materials });
    expect(items.map(({ id }) => id)).toEqual([
      'niah_single_2/4096/42-0',
      'niah_single_2/4096/42-1',
      'niah_single_2/8192/42-0',
      'niah_single_2/8192/42-1',
    ]);
    for (const { id, make } of items) expect((await make()).id).toBe(id);
    expect((await items[2]!.make()).meta).toMatchObject({ length: 8192, index: 0, seed: 42 });
  });
});

test('an estimate counts calls and tokens of each strategy, and none without a model', async () => {
  const plan = checkPlan({ name: 'x', items: 3, tasks: [{ task: 'vt', lengths: ['20k'] }] }, 'x');
  const items = planItems(plan, { tokenizer, materials });
  const none = await estimatePlan(items, [{ name: 'extractive', reading: {} }], ['memory']);
  expect(none).toEqual({
    answers: 3,
    documentTokens: 3 * 20_480,
    calls: 0,
    promptTokens: 0,
    completionTokens: 0,
  });
  const { createScriptedModel } = await import('@memagent/core/testing');
  const subject = {
    name: 'm',
    reading: { model: createScriptedModel([]), tokenizer: 'o200k_base' },
    session: { prices: { input: 1, output: 2 } },
  };
  const some = await estimatePlan(items, [subject], ['memory', 'truncate']);
  // 5 sections of at most 5,000 tokens and an answer; one call for what the window holds.
  expect(some.calls).toBe(3 * (6 + 1));
  expect(some.cost).toBeCloseTo((some.promptTokens + 2 * some.completionTokens) / 1e6);
});
