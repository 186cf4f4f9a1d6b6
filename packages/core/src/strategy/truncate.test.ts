import { expect, test } from 'vitest';
import { parseEvidence } from '../prompt/evidence.ts';
import { read } from '../run/read.ts';
import { collectEvents } from '../store/collect-events.ts';
import { createMemoryRunStore } from '../store/memory-run-store.ts';
import { createScriptedModel, promptMessages } from '../testing/scripted-model.ts';
import { truncateStrategy } from './truncate.ts';
import { strategyContract } from './strategy.contract.ts';

strategyContract(truncateStrategy, { readsAll: false });

/** What the one prompt shows of a document, and the notice about what it leaves out. */
async function truncate(source: string) {
  const model = createScriptedModel(['So it is.']);
  const store = createMemoryRunStore();
  const run = read({ model, question: 'Who?', source, strategy: 'truncate', tokenizer: 'o200k_base', store });
  await run.result;
  const prompt = model.requests
    .flatMap((call) => promptMessages(call).map(({ content }) => content))
    .join('');
  const events = await collectEvents(store, run.runId);
  const cut = events.find((event) => event.type === 'notice' && event.code === 'document-cut');
  return { shown: parseEvidence(prompt).passages, cut };
}

const lines = (count: number): string =>
  Array.from({ length: count }, (_, line) => `This is line ${line} of a long report.`).join('\n');

test('shows about as much of the beginning as of the end, and says that it left out the middle', async () => {
  const source = lines(3000);
  const { shown, cut } = await truncate(source);
  const gap = shown.findIndex(({ mark }, index) => index > 0 && mark !== (shown[index - 1]?.mark ?? 0) + 1);
  const [head, tail] = [shown.slice(0, gap), shown.slice(gap)].map((part) =>
    part.map(({ text }) => text).join(''),
  );
  expect(source.startsWith(head ?? '-')).toBe(true);
  expect(source.endsWith(tail ?? '-')).toBe(true);
  expect(Math.abs((head?.length ?? 0) - (tail?.length ?? 0))).toBeLessThan(source.length / 20);
  expect(cut).toMatchObject({ data: { kept: shown.length, sections: shown.at(-1)?.mark } });
});

test('shows all of what the window holds, without a word of cutting', async () => {
  const source = lines(300);
  const { shown, cut } = await truncate(source);
  expect(shown.map(({ text }) => text).join('')).toBe(source);
  expect(cut).toBeUndefined();
});
