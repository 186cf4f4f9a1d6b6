import { expect, test } from 'vitest';
import { noUsage } from '../model/usage.ts';
import { notFoundPhrase } from '../prompt/not-found.ts';
import { readerContract } from '../reader/reader.contract.ts';
import type { Memory, Reader } from '../reader/reader.ts';
import { sampleContext, sampleSection } from '../reader/sample-step.ts';
import { createEvidenceReader } from './evidence-reader.ts';

readerContract('The evidence reader', () => createEvidenceReader());

const reader = await createEvidenceReader();

/** Reads texts as sections 1, 2, 3, … and gives the last memory. */
async function readAll(question: string, texts: readonly string[], memoryTokens = 1024): Promise<Memory> {
  let memory: Memory = { text: '' };
  const context = sampleContext({ memoryTokens });
  for (const [index, text] of texts.entries()) {
    const section = sampleSection(index + 1, text);
    ({ memory } = await reader.update({ question, memory, section }, context));
  }
  return memory;
}

/** Sentences about nothing in particular, different in each section. */
function noise(section: number): string {
  return Array.from(
    { length: 40 },
    (_, line) =>
      `Visitor ${section * 100 + line} came from Village ${line} to see the old film about a river.`,
  ).join(' ');
}

test('finds the sentence among many sections, cites it and answers with it', async () => {
  const question = 'Who built the lighthouse at Skagen?';
  const texts = Array.from({ length: 12 }, (_, index) => noise(index));
  texts[4] += ' The lighthouse at Skagen was built by Anders Holm.';
  const memory = await readAll(question, texts, 96);
  const answer = await reader.answer({ question, memory, passages: [] }, sampleContext());
  expect(answer.text).toMatch(/^The lighthouse at Skagen was built by Anders Holm\. \[5\]/);
  expect(answer).toMatchObject({ found: true, usage: noUsage });
});

test('follows a name to a paragraph that shares no name with the question', async () => {
  const texts = [
    `${noise(3)}\n\nDark Harbour\nDark Harbour is a 1962 film directed by Mira Kessler.\n\n${noise(4)}`,
    `${noise(1)}\n\nMira Kessler\nMira Kessler is a sculptor. She was born in Graz in 1931.\n\n${noise(2)}`,
    `${noise(5)}\n\nKarl Holm\nKarl Holm was born in Linz in 1931.\n\n${noise(6)}`,
  ];
  const memory = await readAll('Where was the director of the film Dark Harbour born?', texts, 128);
  expect(memory.text).toContain('directed by Mira Kessler. [1]');
  expect(memory.text).toContain('born in Graz in 1931. [2]');
});

test('says that it did not find what the text does not tell', async () => {
  const question = 'Who commanded the fleet at Trafalgar?';
  const memory = await readAll(question, [noise(1)], 128);
  const answer = await reader.answer({ question, memory, passages: [] }, sampleContext());
  expect(answer).toMatchObject({ found: false, text: notFoundPhrase });
});

test('keeps each sentence once, however often it is read', async () => {
  const text = 'The lighthouse at Skagen was built by Anders Holm.';
  const question = 'Who built the lighthouse at Skagen?';
  const memory = await readAll(question, [`${text} ${text}`, text, `${text}\n\nIt is white.`], 256);
  expect(memory.text).toBe(`${text} [1]`);
});

test('with a language model, reads alone and asks it for the answer only', async () => {
  const calls: string[] = [];
  const refuse = (step: string) => async () => {
    calls.push(step);
    throw new Error('not to be called');
  };
  const model: Reader = {
    name: 'model',
    model: { provider: 'test', modelId: 'm' },
    settings: { temperature: 0 },
    overhead: () => ({ update: 1, merge: 2, answer: 3 }),
    update: refuse('update'),
    merge: refuse('merge'),
    answer: async ({ memory }) => {
      calls.push('answer');
      return { text: `from: ${memory.text}`, found: true, usage: noUsage };
    },
  };
  const asking = await createEvidenceReader({ model });
  const context = sampleContext();
  const question = 'Who commanded the army at Borodino?';
  const section = sampleSection(3, 'Kutuzov commanded the army at Borodino.');
  const { memory } = await asking.update({ question, memory: { text: '' }, section }, context);
  const answer = await asking.answer({ question, memory, passages: [] }, context);
  expect(answer.text).toBe('from: Kutuzov commanded the army at Borodino. [3]');
  expect(calls).toEqual(['answer']);
  expect(asking).toMatchObject({ name: 'evidence', model: { modelId: 'm' } });
  expect(asking.overhead(question, context.tokenizer)).toEqual({ update: 0, merge: 0, answer: 3 });
});
