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
import { createDocumentFiles } from './document-files.ts';

/** What a rollout's reading takes over from `read`: budgets, strategy, tokenizer. */
export type AgentReading = Omit<ReadingOptions, 'reader' | 'model'>;

/**
 * A workflow that reads with core's `read` and these options (default: strategy `memory`), keeping the run in
 * memory alone. A function of the sample where budgets differ from sample to sample.
 */
export function createAgentWorkflow(
  reading: AgentReading | ((sample: Sample) => AgentReading) = {},
): Workflow {
  const files = createDocumentFiles();
  return ({ sample, reader, signal }) =>
    files.use(sample, async (file) => {
      const store = createMemoryRunStore();
      try {
        const runId = createRunId(Date.now, Math.random);
        const run = read({
          ...(typeof reading === 'function' ? reading(sample) : reading),
          question: sample.question,
          source: { file },
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
    });
}
