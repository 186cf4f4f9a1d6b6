import { expect, test } from 'vitest';
import { createMemoryRunStore } from '../store/memory-run-store.ts';
import { strategies } from '../strategy/strategies.ts';
import { createScriptedModel, promptMessages } from '../testing/scripted-model.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { estimate } from './estimate.ts';
import { read } from './read.ts';

const words: Tokenizer = {
  name: 'words',
  exact: true,
  count: (text) => text.match(/\S+/g)?.length ?? 0,
  countPrompt: (messages) => messages.reduce((sum, message) => sum + words.count(message.content), 0),
};

/** Writes as much as it may, and reports what it used. */
function createTalker() {
  return createScriptedModel((call) => {
    const promptTokens = words.countPrompt(promptMessages(call));
    const completionTokens = call.maxOutputTokens ?? 0;
    return { text: 'It rains. '.repeat(completionTokens / 2), usage: { promptTokens, completionTokens } };
  });
}

// Lengths in sections of about 20 words; some leave a note over on every level of map-reduce.
const lengths = [1, 2, 3, 4, 8, 13, 14, 40, 41, 44];
const cases = strategies.flatMap(({ name }) => lengths.map((length) => ({ strategy: name, length })));

test.each(cases)('$strategy uses no more on a document of $length than was foreseen', async (given) => {
  const { strategy, length } = given;
  const source = 'It rains here today and so it did on each day before. '.repeat(length * 2);
  const budgets = { sectionTokens: 24, memoryTokens: 30, outputTokens: 60, window: 450 };
  const options = { question: 'Who?', source, strategy, tokenizer: words, ...budgets };
  const foreseen = await estimate({ ...options, model: createTalker() });
  const store = createMemoryRunStore();
  const { usage, ...used } = await read({ ...options, model: createTalker(), store }).result;
  // These two cut the document into pieces of their own.
  const hasOwnPieces = strategy === 'truncate' || strategy === 'retrieve';
  const { sections, tokens } = hasOwnPieces ? foreseen : used;
  expect(foreseen).toMatchObject({ sections, tokens });
  expect(usage.calls).toBe(foreseen.calls);
  expect(usage.promptTokens).toBeLessThanOrEqual(foreseen.promptTokens);
  expect(usage.completionTokens).toBeLessThanOrEqual(foreseen.completionTokens);
});

test('money and time follow from the tokens, and there are none without a model', async () => {
  const options = { question: 'Who?', source: 'It rains. '.repeat(100), tokenizer: words };
  const prices = { input: 1, output: 10 };
  const speed = { tokensPerSecond: 20, promptTokensPerSecond: 400 };
  const { cost, seconds, promptTokens, completionTokens } = await estimate({
    ...options,
    model: createTalker(),
    prices,
    speed,
  });
  expect(cost).toBeCloseTo((promptTokens + 10 * completionTokens) / 1e6);
  expect(seconds).toBeCloseTo(promptTokens / 400 + completionTokens / 20);
  expect(await estimate({ ...options, speed })).toMatchObject({ model: null, calls: 0, seconds: 0 });
});
