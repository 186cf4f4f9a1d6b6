import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defaultTemplate } from '../prompt/default-template.ts';
import { matchPrompt } from '../prompt/match-prompt.ts';
import { read, resume } from '../run/read.ts';
import { makePdf } from '../source/sample-documents.ts';
import type { SourceInput } from '../source/source.ts';
import { createMemoryRunStore } from '../store/memory-run-store.ts';
import { createScriptedModel, promptMessages, type ScriptedModel } from '../testing/scripted-model.ts';
import { rereadStrategy } from './reread.ts';
import { strategyContract } from './strategy.contract.ts';

strategyContract(rereadStrategy, { readsAll: true, passes: 2 });

const rain = 'It rained for a day and for a night, and then it rained again. ';
const options = { strategy: 'reread', question: 'Who?', sectionTokens: 100, tokenizer: 'o200k_base' };

/** The slots of the prompts that a model got. */
function slotsOf(model: ScriptedModel) {
  return model.requests.map((call) => matchPrompt(defaultTemplate, promptMessages(call))?.slots);
}

/** The texts of the sections that a model was shown, in its order. */
function sectionsOf(model: ScriptedModel): string[] {
  return slotsOf(model).flatMap((slots) => (slots && 'section' in slots ? [slots.section] : []));
}

/** A model that notes what it is asked for the n-th time, and does what else is to be done at that moment. */
function createNoter(onCall: (call: number) => void | Promise<void> = () => {}): ScriptedModel {
  let calls = 0;
  return createScriptedModel(async () => {
    calls += 1;
    await onCall(calls);
    return `Note ${calls}. [1]`;
  });
}

test('reads the document once more with the memory of the first pass', async () => {
  const replies = ['A. [1]', 'B. [2]', 'C. [3]', 'AA. [1]', 'BB. [2]', 'CC. [3]', 'So it was. [3]'];
  const model = createScriptedModel(replies);
  const source = rain.repeat(12);
  const stream = new Blob([source]).stream();
  const run = read({ ...options, model, source: { stream }, store: createMemoryRunStore() });
  expect(await run.result).toMatchObject({ sections: 3, memory: 'CC. [3]', answer: 'So it was. [3]' });
  const sections = sectionsOf(model);
  expect(sections.slice(0, 3).join('')).toBe(source);
  expect(sections.slice(3)).toEqual(sections.slice(0, 3));
  const memories = slotsOf(model).map((slots) => slots && 'memory' in slots && slots.memory);
  expect(memories).toEqual(['', ...replies.slice(0, 6)]);
});

describe('of documents on disk', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'memagent-reread-'))));
  afterEach(() => rm(folder, { recursive: true }));

  async function put(name: string, content: string | Uint8Array): Promise<string> {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), content);
    return join(folder, name);
  }

  const pages = ['one', 'two', 'three'].map((page) => Array<string>(8).fill(`${rain} Page ${page}.`));
  const gives: [string, () => Promise<SourceInput>][] = [
    ['a PDF', async () => ({ file: await put('a.pdf', makePdf(pages)) })],
    [
      'a text in an old encoding',
      async () => ({ file: await put('a.txt', Buffer.from('Über. '.repeat(200), 'latin1')) }),
    ],
    [
      'several files, each with its header',
      async () => [
        { file: await put('a.txt', rain.repeat(5)) },
        { file: await put('b.pdf', makePdf(pages)) },
        { text: rain.repeat(3), name: 'note' },
      ],
    ],
    [
      'a folder with a file that is left out',
      async () => {
        await put('notes/a.txt', rain.repeat(5));
        await put('notes/b.bin', Uint8Array.of(0, 1, 2, 0xff, 0));
        await put('notes/c/d.txt', rain.repeat(5));
        return { directory: join(folder, 'notes') };
      },
    ],
  ];

  test.each(gives)('%s is shown the second time as it was the first', async (_name, give) => {
    const model = createNoter();
    const store = createMemoryRunStore();
    const run = read({ ...options, model, source: await give(), store });
    const { sections, citations } = await run.result;
    const shown = sectionsOf(model);
    expect(sections).toBeGreaterThan(2);
    expect(shown).toHaveLength(2 * sections);
    expect(shown.slice(sections)).toEqual(shown.slice(0, sections));
    expect(citations[0]?.text).not.toBe('');
    // Nothing is told twice.
    const told = new Set<string>();
    for await (const { seq: _seq, at: _at, ...event } of store.events(run.runId)) {
      if (!['notice', 'source-start', 'section-start'].includes(event.type)) continue;
      expect(told.has(JSON.stringify(event))).toBe(false);
      told.add(JSON.stringify(event));
    }
  });

  test.each([
    [
      'has other words',
      rain.repeat(12).replace('night', 'month'),
      3,
      /section 1 of .*a\.txt is not what it was/,
    ],
    ['became longer', rain.repeat(13), 3, /a\.txt had 756 bytes and has 819/],
    ['became shorter', rain.repeat(11), 3, /a\.txt had 756 bytes and has 693/],
    ['has another end', `${rain.repeat(11)}${rain.toUpperCase()}`, 5, /section 3 of .*a\.txt/],
  ])(
    'one that %s between the passes is noticed, and can be put back',
    async (_name, changed, calls, message) => {
      const text = rain.repeat(12);
      const file = await put('a.txt', text);
      const store = createMemoryRunStore();
      const model = createNoter(async (call) => {
        if (call === 3) await writeFile(file, changed);
      });
      const run = read({ ...options, model, source: { file }, store });
      await expect(run.result).rejects.toMatchObject({
        code: 'source-changed',
        message: expect.stringMatching(message),
      });
      expect(model.requests).toHaveLength(calls);
      await writeFile(file, text);
      const again = createNoter();
      await resume({ runId: run.runId, model: again, store }).result;
      expect(model.requests.length + again.requests.length).toBe(7);
    },
  );

  test('one that is gone is named', async () => {
    const file = await put('a.txt', rain.repeat(12));
    const model = createNoter((call) => (call === 3 ? rm(file) : undefined));
    const run = read({ ...options, model, source: { file }, store: createMemoryRunStore() });
    await expect(run.result).rejects.toMatchObject({
      code: 'source-unreadable',
      message: expect.stringMatching(/a\.txt/),
    });
  });
});

test('stopped in the second pass, it goes on there', async () => {
  const store = createMemoryRunStore();
  const controller = new AbortController();
  const reason = new Error('enough');
  const model = createNoter((call) => {
    if (call === 5) controller.abort(reason);
  });
  const stream = new Blob([rain.repeat(12)]).stream();
  const run = read({ ...options, model, source: { stream }, store, signal: controller.signal });
  await expect(run.result).rejects.toBe(reason);
  expect(await store.get(run.runId)).toMatchObject({ status: 'stopped', sections: 3 });
  const again = createNoter();
  const { memory } = await resume({ runId: run.runId, model: again, store }).result;
  expect(memory).toBe('Note 2. [1]');
  const slots = slotsOf(again);
  expect(slots.map((slot) => slot && 'number' in slot && slot.number)).toEqual([2, 3, false]);
  expect(slots[0]).toMatchObject({ memory: 'Note 4. [1]' });
});
