import { expect, test } from 'vitest';
import { read } from '../run/read.ts';
import { createMemoryRunStore } from '../store/memory-run-store.ts';
import { createScriptedModel, promptMessages } from '../testing/scripted-model.ts';
import { retrieveStrategy } from './retrieve.ts';
import { strategyContract } from './strategy.contract.ts';

strategyContract(retrieveStrategy, { readsAll: false });

/** The prompt that the one call of the run gets. */
async function retrieve(question: string, source: string): Promise<string> {
  const model = createScriptedModel(['So it is.']);
  await read({ model, question, source, strategy: 'retrieve', store: createMemoryRunStore() }).result;
  expect(model.requests).toHaveLength(1);
  return model.requests.flatMap((call) => promptMessages(call).map(({ content }) => content)).join('');
}

const rain = 'Nothing but rain today, and more of it tomorrow.\n\n'.repeat(2000);

test.each([
  ['a word whose stem has a stem of its own', 'Who agreed?', 'The elders were agreeing at last.'],
  ['a name with an accent', 'Where is Kutuzov?', 'Kutúzov’s tent stood by the river.'],
  ['a language without spaces', '谁指挥了军队？', '库图佐夫在博罗季诺指挥了俄国的军队。'],
  ['quotes and operators', 'What is "NEAR(x" AND y* OR -z^2?', 'The NEAR sign was painted red.'],
])('finds %s in the middle of a long document', async (_name, question, sentence) => {
  expect(await retrieve(question, `${rain}${sentence}\n\n${rain}`)).toContain(sentence);
});

test('a question without any content finds nothing, and is asked all the same', async () => {
  expect(await retrieve('Who was it?', `It was so.\n\n${rain}`)).not.toContain('It was so.');
});
