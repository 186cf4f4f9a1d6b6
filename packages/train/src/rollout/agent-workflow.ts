/** The default workflow: the sample's document is read by core's own agent, the code that users run. */
import {
  createMemoryRunStore,
  createRunId,
  read,
  type ReadingOptions,
  type StoredEvent,
} from '@memagent/core';
import type { Sample } from '../glossary.ts';
import type { Workflow } from '../policy/workflow.ts';

/** What a rollout's reading takes over from `read`: budgets, strategy, tokenizer. */
export type AgentReading = Omit<ReadingOptions, 'reader' | 'model'>;

/**
 * A workflow that reads with core's `read` and these options (default: strategy `memory`), keeping the run in
 * memory alone. A function of the sample where budgets differ from sample to sample.
 */
export function createAgentWorkflow(
  reading: AgentReading | ((sample: Sample) => AgentReading) = {},
): Workflow {
  // The rollouts of a group read the same document: its text is put together once.
  const texts = new WeakMap<Sample, Promise<string>>();

  return async ({ sample, reader, signal }) => {
    const text = texts.get(sample) ?? collectText(sample);
    texts.set(sample, text);
    const store = createMemoryRunStore();
    try {
      const runId = createRunId(Date.now, Math.random);
      const run = read({
        ...(typeof reading === 'function' ? reading(sample) : reading),
        question: sample.question,
        source: { text: await text },
        reader,
        store,
        runId,
        signal,
      });
      const result = await run.result;
      const events: StoredEvent[] = [];
      for await (const event of store.events(runId)) events.push(event);
      return { result, events };
    } finally {
      await store.close();
    }
  };
}

async function collectText(sample: Sample): Promise<string> {
  let text = '';
  for await (const piece of sample.document()) text += piece;
  return text;
}
