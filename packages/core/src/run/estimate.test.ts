import { expect, test } from 'vitest';
import { createScriptedModel, promptMessages } from '../testing/scripted-model.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { estimate } from './estimate.ts';

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

// That no strategy uses more than was foreseen: strategy/strategy.contract.ts.

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
