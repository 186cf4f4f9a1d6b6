import { expect, test } from 'vitest';
import { defaultTemplate } from '../prompt/default-template.ts';
import { matchPrompt } from '../prompt/match-prompt.ts';
import { read } from '../run/read.ts';
import { createMemoryRunStore } from '../store/memory-run-store.ts';
import { createScriptedModel, promptMessages } from '../testing/scripted-model.ts';
import { memoryStrategy } from './memory.ts';
import { strategyContract } from './strategy.contract.ts';

strategyContract(memoryStrategy, { readsAll: true });

test('hands each memory to the next section alone, and the last one to the answer', async () => {
  const model = createScriptedModel(['First. [1]', 'Second. [2]', 'Third. [3]', 'So it was. [3]']);
  const source = 'It rained for a day and for a night, and then it rained again. '.repeat(12);
  const run = read({
    model,
    question: 'Who?',
    source,
    sectionTokens: 100,
    tokenizer: 'o200k_base',
    store: createMemoryRunStore(),
  });
  expect(await run.result).toMatchObject({ sections: 3, memory: 'Third. [3]', answer: 'So it was. [3]' });
  const memories = model.requests.map((call) => {
    const matched = matchPrompt(defaultTemplate, promptMessages(call));
    return [matched?.step, matched && 'memory' in matched.slots ? matched.slots.memory : undefined];
  });
  expect(memories).toEqual([
    ['update', ''],
    ['update', 'First. [1]'],
    ['update', 'Second. [2]'],
    ['answer', 'Third. [3]'],
  ]);
});
