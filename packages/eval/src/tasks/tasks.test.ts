/** What every task owes. */
import { describe, expect, it } from 'vitest';
import { sampleTokenizers } from '../documents/sample-tokenizers.ts';
import { tasks } from './find-task.ts';
import { makeItem, sampleMaterials, textOf } from './sample-item.ts';
import { frameOf } from './room.ts';

const o200k = await sampleTokenizers['o200k_base']!();

/** More than the longest unit that the tasks fill up with here, in tokens: a sentence of a thousand characters. */
const longestUnit = 350;

const itemKeys = 'id task question answers metric outputTokens evidence tokens document meta'.split(' ');

it('has the thirteen tasks of RULER with its output tokens, and 14 more', () => {
  const outputTokens = Object.fromEntries(tasks.map((task) => [task.name, task.outputTokens]));
  expect(outputTokens).toMatchObject({
    niah_single_1: 128,
    niah_single_2: 128,
    niah_single_3: 128,
    niah_multikey_1: 128,
    niah_multikey_2: 128,
    niah_multikey_3: 128,
    niah_multivalue: 128,
    niah_multiquery: 128,
    vt: 30,
    cwe: 120,
    fwe: 50,
    qa_1: 32,
    qa_2: 32,
  });
  expect(Object.keys(outputTokens)).toHaveLength(27);
});

describe.each(tasks)('$name', (task) => {
  it.each([4_096, 65_536])('is exact at %d tokens and knows where its evidence lies', async (tokens) => {
    const { item, text, evidence } = await makeItem(task.name, { tokens });
    const hasRejected = ['knowledge_update', 'prompt_injection'].includes(task.name);
    expect(Object.keys(item).toSorted()).toEqual(
      [
        ...itemKeys,
        ...(item.unanswerable ? ['unanswerable'] : []),
        ...(hasRejected ? ['rejected'] : []),
      ].toSorted(),
    );
    expect(item.tokens).toBe(o200k.count(text));
    expect(item.tokens).toBeLessThanOrEqual(tokens);
    expect(item.tokens).toBeGreaterThan(tokens - longestUnit);
    expect(evidence.every((span) => span.length > 0 && span === span.trim())).toBe(true);
    expect(evidence.length === 0).toBe(item.unanswerable === true);
    const starts = item.evidence.map(({ start }) => start);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect(o200k.count(item.question)).toBeLessThan(200);
  });

  it.each(Object.entries(sampleTokenizers))('is exact at 4K by %s', async (_name, create) => {
    const tokenizer = await create();
    const { item, text } = await makeItem(task.name, { tokenizer });
    expect(item.tokens).toBe(tokenizer.count(text));
    expect(item.tokens).toBeLessThanOrEqual(4_096);
    expect(item.tokens).toBeGreaterThan(4_096 - 2 * longestUnit);
  });

  it('is the same again, and another one for another index or seed', async () => {
    const one = await makeItem(task.name);
    const again = await makeItem(task.name);
    expect(again.text).toBe(one.text);
    expect(again.item).toEqual({ ...one.item, document: expect.any(Function) as unknown });
    expect(await textOf(one.item)).toBe(one.text);
    for (const other of [{ index: 1 }, { seed: 2 }]) {
      const changed = await makeItem(task.name, other);
      expect(changed.text).not.toBe(one.text);
      expect(changed.item.id).not.toBe(one.item.id);
    }
  });

  it('asks the same at every length', async () => {
    const short = await makeItem(task.name);
    const long = await makeItem(task.name, { tokens: 8_192 });
    expect(long.item.question).toBe(short.item.question);
    expect(long.item.id).not.toBe(short.item.id);
  });

  it('counts prompt and output where lengths are RULER’s', async () => {
    const { item, text } = await makeItem(task.name, { rulerLength: true });
    const { before, after } = frameOf(item.question);
    const tokens = o200k.count(before + text + after) + task.outputTokens;
    expect(tokens).toBeLessThanOrEqual(4_096);
    expect(tokens).toBeGreaterThan(4_096 - longestUnit);
    expect(item.tokens).toBe(o200k.count(text));
  });

  it('refuses a length that is too short, or none', async () => {
    const request = { seed: 1, index: 0, tokenizer: o200k, materials: sampleMaterials };
    for (const tokens of [0, 5, 4096.5]) {
      await expect(task.generate({ ...request, tokens })).rejects.toMatchObject({ code: 'invalid-option' });
    }
    await expect(task.generate({ ...request, paragraphs: 1.5 })).rejects.toMatchObject({
      code: 'invalid-option',
    });
    await expect(task.generate({ ...request, tokens: 1, parameters: { nonsense: 1 } })).rejects.toThrow(
      'has no parameter "nonsense"',
    );
  });
});
