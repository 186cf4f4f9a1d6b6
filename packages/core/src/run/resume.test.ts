import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collectEvents } from '../store/collect-events.ts';
import { dyingAfter } from '../store/dying-after.ts';
import { createMemoryRunStore } from '../store/memory-run-store.ts';
import type { RunStore } from '../store/run-store.ts';
import { createScriptedModel, promptMessages } from '../testing/scripted-model.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { RunResult } from './events.ts';
import { read, resume } from './read.ts';

const words: Tokenizer = {
  name: 'words',
  exact: true,
  count: (text) => text.match(/\S+/g)?.length ?? 0,
  countPrompt: (messages) => messages.reduce((sum, message) => sum + words.count(message.content), 0),
};

const names = [
  'Anna',
  'Boris',
  'Clara',
  'Dmitri',
  'Elena',
  'Fyodor',
  'Galina',
  'Hanna',
  'Ivan',
  'Julia',
  'Kolya',
  'Lara',
];
const text = names
  .map((name) => `${name} lives in the ${name} house. ${'It rains today. '.repeat(4)}`.trim())
  .join('\n\n');
const options = {
  question: 'Who lives where?',
  tokenizer: words,
  sectionTokens: 20,
  memoryTokens: 60,
  outputTokens: 80,
  window: 2000,
  concurrency: 1,
  retry: { retries: 0 },
};

let folder = '';
let source = { file: '' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memagent-test-'));
  source = { file: join(folder, 'people.txt') };
  await writeFile(source.file, text);
});
afterAll(() => rm(folder, { recursive: true }));

/** A model whose reply follows from the prompt alone: it appends the section's first sentence to its memory. */
function createAppender() {
  return createScriptedModel((call) => {
    const prompt = promptMessages(call)
      .map(({ content }) => content)
      .join('');
    const marks = [...prompt.matchAll(/(\w+) lives in the \w+ house\./g)].map(([sentence]) => sentence);
    return { text: [...new Set(marks)].join(' '), usage: { promptTokens: 10, completionTokens: 1 } };
  });
}

const comparable = ({ runId: _id, elapsedMs: _ms, usage: _usage, ...rest }: RunResult) => rest;

test.each(['memory', 'reread', 'map-reduce', 'refine', 'truncate', 'retrieve'])(
  '%s: killed at every event of twelve sections, a resumed run ends as the uninterrupted one',
  async (strategy) => {
    const whole = createAppender();
    const wholeStore = createMemoryRunStore();
    const first = read({ ...options, strategy, model: whole, source, store: wholeStore });
    const expected = comparable(await first.result);
    const events: string[] = [];
    for await (const event of wholeStore.events(first.runId)) events.push(event.type);
    expect(expected.sections).toBe(strategy === 'truncate' || strategy === 'retrieve' ? 2 : 12);

    for (let last = 1; last < events.length; last += 1) {
      const store = createMemoryRunStore();
      const model = createAppender();
      const killed = read({ ...options, strategy, model, source, store: dyingAfter(store, last) });
      await expect(killed.result).rejects.toThrow('killed');
      const result = await resume({
        runId: killed.runId,
        model,
        tokenizer: words,
        retry: { retries: 0 },
        store,
      }).result;
      expect(comparable(result), `killed after event ${last} (${events[last - 1]})`).toEqual(expected);
      // The call in flight is lost at most: its reply came, and was not stored.
      expect(model.requests.length - whole.requests.length).toBeLessThanOrEqual(1);
      await store.close();
    }
    await wholeStore.close();
  },
);

/** Counts four times the words until the first report of a server. */
function createGuess(factor = 4): Tokenizer {
  return {
    name: 'guess',
    exact: false,
    count: (part) => words.count(part) * factor,
    countPrompt: (messages) => words.countPrompt(messages) * factor,
    learner: {
      least: () => 0,
      report: (_messages, reported) => ({ weight: { base: 1 }, reported }),
      learn: () => createGuess(1),
    },
  };
}

/** Where the sections of a run end. */
async function endsOf(store: RunStore, runId: string): Promise<unknown[]> {
  const ends: unknown[] = [];
  for await (const event of store.events(runId)) {
    if (event.type === 'section-start') ends.push(event.spans.at(-1)?.end);
  }
  return ends;
}

test.each(['memory', 'reread', 'refine', 'map-reduce'])(
  '%s: what an inexact tokenizer has learned is not lost, so that the sections are the same ones',
  async (strategy) => {
    const wholeStore = createMemoryRunStore();
    const model = createScriptedModel(() => ({ text: 'Noted.', usage: { promptTokens: 300 } }));
    const all = { ...options, strategy, source, model };
    const whole = read({ ...all, tokenizer: createGuess(), store: wholeStore });
    await whole.result;
    const expected = await endsOf(wholeStore, whole.runId);
    for (let last = 8; last < 24; last += 1) {
      const store = createMemoryRunStore();
      const killed = read({ ...all, tokenizer: createGuess(), store: dyingAfter(store, last) });
      await expect(killed.result).rejects.toThrow('killed');
      const { runId } = killed;
      await resume({ runId, store, model, tokenizer: createGuess() }).result;
      expect(await endsOf(store, runId), `killed after event ${last}`).toEqual(expected);
    }
  },
);

async function stopAfter(store: RunStore, sections: number) {
  const model = createAppender();
  const run = read({ ...options, model, source, store: dyingAfter(store, 2 + 4 * sections) });
  await run.result.catch(() => {});
  return run.runId;
}

test('a changed document is noticed, naming the section', async () => {
  const store = createMemoryRunStore();
  const runId = await stopAfter(store, 5);
  const changed = text.replace('Clara lives', 'Clara dies ');
  const resumed = resume({ runId, model: createAppender(), tokenizer: words, store, source: changed });
  await expect(resumed.result).rejects.toThrow(/changed since this run read it: section 3/);
});

test('a document that became shorter is noticed', async () => {
  const store = createMemoryRunStore();
  const runId = await stopAfter(store, 5);
  const changed = text.slice(0, text.indexOf('Clara'));
  const resumed = resume({ runId, model: createAppender(), tokenizer: words, store, source: changed });
  await expect(resumed.result).rejects.toMatchObject({ code: 'source-changed' });
});

test.each([
  ['with sections left to read', 5],
  ['with nothing but the answer left', names.length],
])(
  'a text that was added at the end is noticed %s, and reading goes on without it',
  async (_name, sections) => {
    const file = join(folder, `growing-${sections}.txt`);
    await writeFile(file, text);
    const store = createMemoryRunStore();
    const model = createAppender();
    const failing = { ...options, model, source: { file }, store: dyingAfter(store, 2 + 4 * sections) };
    const { runId, result } = read(failing);
    await expect(result).rejects.toThrow('killed');
    expect((await store.get(runId))?.sections).toBeGreaterThanOrEqual(sections);
    await appendFile(file, ' More.');
    const size = Buffer.byteLength(text);
    const resumed = resume({ runId, model, tokenizer: words, store });
    await expect(resumed.result).rejects.toThrow(
      `growing-${sections}.txt had ${size} bytes and has ${size + 6}. Restore it`,
    );
    await writeFile(file, text);
    const { answer } = await resume({ runId, model, tokenizer: words, store }).result;
    expect(answer).toBe((await read({ ...options, model, source, store }).result).answer);
  },
);

test('a changed setting is refused, and the run stays as it was', async () => {
  const store = createMemoryRunStore();
  const runId = await stopAfter(store, 3);
  const before = await store.get(runId);
  const other = resume({ runId, model: createAppender(), tokenizer: words, store, memoryTokens: 50 });
  await expect(other.result).rejects.toThrow(/memoryTokens was 60, is 50/);
  const model = createScriptedModel(['x'], { modelId: 'other' });
  await expect(resume({ runId, model, tokenizer: words, store }).result).rejects.toThrow(
    /model was "scripted\/scripted"/,
  );
  expect(await store.get(runId)).toEqual(before);
});

test('a run that is worked on cannot be resumed beside it', async () => {
  const store = createMemoryRunStore();
  const model = createScriptedModel([{ text: 'x', delayMs: 60_000 }]);
  const controller = new AbortController();
  const run = read({ ...options, model, source, store, signal: controller.signal });
  while (model.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await expect(resume({ runId: run.runId, model, tokenizer: words, store }).result).rejects.toMatchObject({
    code: 'run-locked',
  });
  controller.abort();
  await run.result.catch(() => {});
});

test('a finished run is not run again', async () => {
  const store = createMemoryRunStore();
  const model = createAppender();
  const run = read({ ...options, model, source, store });
  await run.result;
  await expect(resume({ runId: run.runId, model, tokenizer: words, store }).result).rejects.toMatchObject({
    code: 'run-finished',
  });
});

test('a cancelled run does not go on, and stays as it is', async () => {
  const store = createMemoryRunStore();
  const runId = await stopAfter(store, 5);
  await store.update(runId, { status: 'cancelled' });
  const before = await collectEvents(store, runId);
  const model = createAppender();
  await expect(resume({ runId, model, tokenizer: words, store }).result).rejects.toMatchObject({
    code: 'run-cancelled',
  });
  expect(model.requests).toHaveLength(0);
  expect(await store.get(runId)).toMatchObject({ status: 'cancelled' });
  expect(await collectEvents(store, runId)).toEqual(before);
});

test('usage of all sessions adds up', async () => {
  const store = createMemoryRunStore();
  const runId = await stopAfter(store, 5);
  const model = createAppender();
  const { usage } = await resume({ runId, model, tokenizer: words, store }).result;
  expect(usage.calls).toBe(13);
  expect(usage.promptTokens).toBe(130);
});

test('a text of the caller is kept as a whole before it is read', async () => {
  for (const last of [1, 2, 3, 4]) {
    const store = createMemoryRunStore();
    const model = createAppender();
    const killed = read({ ...options, model, source: text, store: dyingAfter(store, last) });
    await expect(killed.result).rejects.toThrow('killed');
    const { sections } = await resume({ runId: killed.runId, model, tokenizer: words, store }).result;
    expect(sections).toBe(12);
    await store.close();
  }
});

test('when a request goes out, every step before it is stored, and its own announcement', async () => {
  const memory = createMemoryRunStore();
  const stored: string[] = [];
  const store: RunStore = {
    ...memory,
    async append(runId, events) {
      const numbered = await memory.append(runId, events);
      for (const event of events) if ('step' in event) stored.push(`${event.type} ${event.step}`);
      return numbered;
    },
  };
  const atRequests: string[][] = [];
  const model = createScriptedModel(() => {
    atRequests.push(stored.slice(-2));
    return { text: 'Noted.' };
  });
  await read({ ...options, model, source, store }).result;
  const steps = [...names.map((_, index) => `update/${index + 1}`), 'answer'];
  expect(atRequests).toEqual(
    steps.map((step, index) => [
      ...steps
        .slice(0, index)
        .map((before) => `memory-updated ${before}`)
        .slice(-1),
      `call-start ${step}`,
    ]),
  );
  await store.close();
});
