/**
 * How a sample is read: the default is the agent of core with the `memory` strategy. Any function that reads
 * with the given reader is trainable: what the policy did is recorded by the reader, and the workflow only
 * returns what the reward looks at.
 */
import type { Reader, RunResult, StoredEvent } from '@memagent/core';
import type { Sample } from '../glossary.ts';

export type Workflow = (reading: WorkflowInput) => Promise<WorkflowOutcome>;

export interface WorkflowInput {
  sample: Sample;
  reader: Reader;
  signal: AbortSignal;
}

export interface WorkflowOutcome {
  result: RunResult;
  /** The run's events: shaped rewards look at the memory after each section. */
  events: readonly StoredEvent[];
}

/** Rewards of one rollout; must be pure. */
export type RewardFunction = (outcome: WorkflowOutcome, sample: Sample) => number;
