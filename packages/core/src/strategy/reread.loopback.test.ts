/** A section that was cut early may count more in the second pass, when more is known of the server's tokenizer. */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { defaultTemplate } from '../prompt/default-template.ts';
import { matchPrompt } from '../prompt/match-prompt.ts';
import { read, resume } from '../run/read.ts';
import { collectEvents } from '../store/collect-events.ts';
import { dyingAfter } from '../store/dying-after.ts';
import { createMemoryRunStore } from '../store/memory-run-store.ts';
import type { RunStore } from '../store/run-store.ts';
import { type LoopbackServer, startLoopbackServer } from '../testing/loopback-server.ts';
import type { PromptMessage, Tokenizer } from '../tokenizer/tokenizer.ts';

const book = readFileSync(new URL('../../../../examples/data/war-and-peace.txt', import.meta.url), 'utf8');

const countWords = (text: string): number => text.match(/\S+/g)?.length ?? 0;
const inPrompt = (messages: readonly PromptMessage[], count: (text: string) => number): number =>
  messages.reduce((sum, { content }) => sum + count(content), 0);

/** The server's: a token a word, and six for a word in capitals. */
const countServed = (text: string): number =>
  countWords(text) + 5 * (text.match(/\b[A-Z]{4,}\b/g)?.length ?? 0);
const served: Tokenizer = {
  name: 'served',
  exact: true,
  count: countServed,
  countPrompt: (messages) => inPrompt(messages, countServed),
};

/** What is known of it: so many tokens a word, the most that was ever reported. */
function createGuess(perWord = 1): Tokenizer {
  const count = (text: string): number => Math.ceil(countWords(text) * perWord);
  return {
    name: 'guess',
    exact: false,
    count,
    countPrompt: (messages) => inPrompt(messages, count),
    learner: {
      least: () => 0,
      report: (messages, reported) => ({ weight: { base: inPrompt(messages, countWords) }, reported }),
      learn: ({ weight, reported }) => createGuess(Math.max(perWord, reported / weight.base)),
    },
  };
}

// The last section, a short one, is what shows how dear capitals are.
const source = `${book.slice(500_000, 540_000)}\n\n${book.slice(550_000, 551_500).toUpperCase()}`;
const options = { question: 'Who spoke?', source, strategy: 'reread', tokenizer: createGuess() };
const budgets = { window: 4096, sectionTokens: 3000, memoryTokens: 256, outputTokens: 256 };

const modelOf = (server: LoopbackServer) =>
  createOpenAICompatible({ name: 'loopback', baseURL: server.baseUrl }).chatModel('loopback');

/** The steps of a run that made a memory, in their order, and the sections that they are of. */
async function stepsOf(store: RunStore, runId: string) {
  const events = await collectEvents(store, runId);
  return events.flatMap((event) =>
    event.type === 'memory-updated' ? [{ step: event.step, section: event.section, seq: event.seq }] : [],
  );
}

test('what was cut by a smaller count is read again in parts, and no request exceeds the window', async () => {
  await using server = await startLoopbackServer({ tokenizer: served, window: budgets.window });
  const model = modelOf(server);
  const store = createMemoryRunStore();
  const run = read({ ...options, ...budgets, model, store });
  const { sections, usage } = await run.result;
  expect(server.stats.overWindow).toBe(0);
  expect(usage.retries).toBe(0);

  const steps = await stepsOf(store, run.runId);
  const again = steps.slice(sections);
  expect(again.map(({ step }) => step)).toEqual([
    'again/1',
    'again/2',
    'again/2/2',
    'again/3',
    'again/3/2',
    'again/4',
  ]);
  expect(steps.map(({ section }) => section)).toEqual([1, 2, 3, 4, 1, 2, 2, 3, 3, 4]);
  const shown = server.requests.flatMap(({ messages }) => {
    const slots = matchPrompt(defaultTemplate, messages)?.slots;
    return slots && 'section' in slots ? [slots.section] : [];
  });
  expect(shown.slice(0, sections).join('')).toBe(source);
  expect(shown.slice(sections).join('')).toBe(source);

  // Wherever it is stopped, sections are divided in the same places.
  const divided = again.find(({ step }) => step === 'again/2')?.seq ?? 0;
  for (const last of [divided - 1, divided, divided + 2]) {
    const asked = server.requests.length;
    const half = createMemoryRunStore();
    const { runId, result } = read({ ...options, ...budgets, model, store: dyingAfter(half, last) });
    await expect(result).rejects.toThrow('killed');
    await resume({ runId, model, tokenizer: createGuess(), store: half }).result;
    expect((await stepsOf(half, runId)).map(({ step }) => step)).toEqual(steps.map(({ step }) => step));
    // The request in flight is lost at most.
    expect(server.requests.length - asked).toBeLessThanOrEqual(usage.calls + 1);
  }
});
