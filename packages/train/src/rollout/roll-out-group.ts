import type { MemagentError } from '@memagent/core';
import type { Group, Sample } from '../glossary.ts';
import { rollOut, type RolloutRecipe } from './roll-out.ts';

export interface GroupOutcome<Observation> {
  /** The rollouts that came to an end, in the order of their numbers. */
  group: Group<Observation>;
  failures: readonly MemagentError[];
  /** Tokens of the documents that were read, and actions sampled. */
  tokens: number;
}

export interface GroupRequest {
  sample: Sample;
  rollouts: number;
  policyVersion: number;
  /** Names the group's draws. */
  key: string;
  /** Runs a task when the limit on rollouts in flight lets it. */
  schedule: <Result>(task: () => Promise<Result>) => Promise<Result>;
  signal: AbortSignal;
}

/** Rolls out one sample several times; what is drawn depends on `key` and the weights, not on what runs beside it. */
export async function rollOutGroup<Observation>(
  recipe: RolloutRecipe<Observation>,
  { sample, rollouts, policyVersion, key, schedule, signal }: GroupRequest,
): Promise<GroupOutcome<Observation>> {
  const outcomes = await Promise.all(
    Array.from({ length: rollouts }, (_, index) =>
      schedule(() => rollOut(recipe, sample, `${key}/${index}`, signal)),
    ),
  );
  const done = outcomes.filter((outcome) => outcome.status === 'done');
  return {
    group: { sample, policyVersion, rollouts: done.map(({ rollout }) => rollout) },
    failures: outcomes.flatMap((outcome) => (outcome.status === 'failed' ? [outcome.error] : [])),
    tokens: done.reduce((sum, { tokens }) => sum + tokens, 0),
  };
}
