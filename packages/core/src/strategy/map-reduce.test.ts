import { expect, test } from 'vitest';
import { read } from '../run/read.ts';
import { createMemoryRunStore } from '../store/memory-run-store.ts';
import { collectEvents } from '../store/collect-events.ts';
import { createScriptedModel, promptMessages } from '../testing/scripted-model.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { mapReduceStrategy } from './map-reduce.ts';
import { strategyContract } from './strategy.contract.ts';

strategyContract(mapReduceStrategy, { readsAll: true });

const words: Tokenizer = {
  name: 'words',
  exact: true,
  count: (text) => text.match(/\S+/g)?.length ?? 0,
  countPrompt: (messages) => messages.reduce((sum, { content }) => sum + words.count(content), 0),
};

/** Sections of 24 words, and memories of which a merge holds two in a window of 340. */
const options = {
  question: 'Who?',
  strategy: 'map-reduce',
  tokenizer: words,
  sectionTokens: 24,
  memoryTokens: 40,
  outputTokens: 60,
  retry: { retries: 0 },
};
const source = 'It rains here today and so it did on each day before. '.repeat(16);

/** The steps of a run in the order in which they were committed. */
async function stepsOf(window: number): Promise<string[]> {
  const store = createMemoryRunStore();
  const run = read({ ...options, window, source, store, model: createScriptedModel(() => 'Rain. [1]') });
  await run.result;
  const events = await collectEvents(store, run.runId);
  return events.flatMap((event) => (event.type === 'memory-updated' ? [event.step] : []));
}

test('merges notes as soon as two are there, and what is left over at the end', async () => {
  const steps = await stepsOf(340);
  expect(steps.filter((step) => step.startsWith('map/'))).toHaveLength(9);
  expect(steps.filter((step) => step.startsWith('merge/'))).toEqual([
    'merge/0/1',
    'merge/0/2',
    'merge/1/1',
    'merge/0/3',
    'merge/0/4',
    'merge/1/2',
    'merge/2/1',
    'merge/3/1',
  ]);
  expect(steps.indexOf('merge/0/1')).toBeLessThan(steps.indexOf('map/8'));
});

test('needs room for two memories at least', async () => {
  const model = createScriptedModel([]);
  const run = read({
    ...options,
    memoryTokens: 80,
    window: 370,
    source,
    model,
    store: createMemoryRunStore(),
  });
  await expect(run.result).rejects.toMatchObject({
    code: 'window-too-small',
    message: expect.stringMatching(/\d+ too few/),
  });
  expect(model.requests).toHaveLength(0);
});

test('notes that were paid for are committed, also when another section fails', async () => {
  const store = createMemoryRunStore();
  const model = createScriptedModel((call) => {
    const prompt = promptMessages(call)
      .map(({ content }) => content)
      .join('');
    return prompt.includes('Boris') ? { error: new Error('no') } : { text: 'Rain. [1]', delayMs: 5 };
  });
  const text = `Boris said no. ${source}`;
  const run = read({ ...options, window: 340, source: text, model, store, concurrency: 3 });
  await expect(run.result).rejects.toThrow('no');
  const events = await collectEvents(store, run.runId);
  const committed = events.flatMap((event) => (event.type === 'memory-updated' ? [event.step] : []));
  expect(committed).toEqual(['map/2', 'map/3']);
});
