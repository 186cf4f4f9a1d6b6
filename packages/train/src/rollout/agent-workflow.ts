/** The default workflow: the sample's document is read by core's own agent, the code that users run. */
import type { ReadingOptions } from '@memagent/core';
import type { Workflow } from '../policy/workflow.ts';

/** What a rollout's reading takes over from `read`: budgets, strategy, tokenizer. */
export type AgentReading = Omit<ReadingOptions, 'reader' | 'model'>;

/** A workflow that reads with core's `read` and these options (default: strategy `memory`), keeping the run in memory. */
export function createAgentWorkflow(_reading: AgentReading = {}): Workflow {
  return () => Promise.reject(new Error('being written'));
}
