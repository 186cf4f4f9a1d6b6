import { expect, test } from 'vitest';
import { defaultTemplate } from '../prompt/default-template.ts';
import { parseEvidence } from '../prompt/evidence.ts';
import { matchPrompt } from '../prompt/match-prompt.ts';
import { notFoundPhrase } from '../prompt/not-found.ts';
import { read } from '../run/read.ts';
import { createMemoryRunStore } from '../store/memory-run-store.ts';
import { createScriptedModel, promptMessages } from '../testing/scripted-model.ts';
import { refineStrategy } from './refine.ts';
import { strategyContract } from './strategy.contract.ts';

strategyContract(refineStrategy, { readsAll: true });

/** The drafts that the prompts show while a document of three sections is read with these replies. */
async function refine(replies: readonly [string, string, string], memoryTokens = 1024) {
  const model = createScriptedModel(replies);
  const source = 'It rained for a day and for a night, and then it rained again. '.repeat(15);
  const options = {
    sectionTokens: 100,
    memoryTokens,
    tokenizer: 'o200k_base',
    store: createMemoryRunStore(),
  };
  const result = await read({ ...options, model, question: 'Who?', source, strategy: 'refine' }).result;
  const drafts = model.requests.map((call) => {
    const matched = matchPrompt(defaultTemplate, promptMessages(call));
    return matched?.step === 'answer' ? parseEvidence(matched.slots.memory).memory : undefined;
  });
  return { result, drafts };
}

test('hands the draft on, and its last form is the answer', async () => {
  const { result, drafts } = await refine(['Anna. [1]', 'Boris. [2]', 'Clara. [3]']);
  expect(drafts).toEqual(['', 'Anna. [1]', 'Boris. [2]']);
  expect(result).toMatchObject({ answer: 'Clara. [3]', found: true, memory: '' });
});

test('a section that tells nothing takes back no draft, and no draft says that nothing was found', async () => {
  const { result, drafts } = await refine([notFoundPhrase, 'Boris. [2]', notFoundPhrase]);
  expect(drafts).toEqual(['', '', 'Boris. [2]']);
  expect(result).toMatchObject({ answer: 'Boris. [2]', found: true });
});

test('a draft is cut to the budget of a memory before it is shown again', async () => {
  const { result, drafts } = await refine(['Anna '.repeat(100), 'Boris. [2]', 'Clara. [3]'], 20);
  expect(drafts[1]).toMatch(/^(?:Anna ?){15,20}$/);
  expect(result.answer).toBe('Clara. [3]');
});
