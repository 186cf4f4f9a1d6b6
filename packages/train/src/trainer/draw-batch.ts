/** Dynamic sampling: draws samples and rolls them out until the batch is full of groups that teach something. */
import type { MemagentError } from '@memagent/core';
import PQueue from 'p-queue';
import { type ScoredGroup, scoreGroup } from '../algorithm/scored-group.ts';
import type { Sample } from '../glossary.ts';
import type { RolloutRecipe } from '../rollout/roll-out.ts';
import { type GroupOutcome, rollOutGroup } from '../rollout/roll-out-group.ts';
import type { TrainingConfig } from './training-config.ts';

export interface DrawBatchOptions<Observation> {
  recipe: RolloutRecipe<Observation>;
  config: TrainingConfig;
  sampleAt: (position: number) => Sample | Promise<Sample>;
  /** Position of the next sample. */
  position: number;
  policyVersion: number;
  signal: AbortSignal;
}

export interface DrawnBatch<Observation> {
  /** All groups, in the order of their samples. */
  drawn: readonly ScoredGroup<Observation>[];
  /** Those that are trained on, in the same order. */
  kept: readonly ScoredGroup<Observation>[];
  failures: readonly MemagentError[];
  /** Tokens of the documents that were read, and actions sampled. */
  tokens: number;
}

/**
 * Draws `questionsPerStep` groups and, for those without signal, others in their place, until the batch is full
 * or `maxDraws` times as many were drawn. Without dynamic sampling every group is kept that has a rollout. Throws
 * the first failure when every rollout fails: there is nothing to wait for.
 */
export async function drawBatch<Observation>(
  options: DrawBatchOptions<Observation>,
): Promise<DrawnBatch<Observation>> {
  const { questionsPerStep, dynamicSampling, stdDivision } = options.config;
  const most = questionsPerStep * (dynamicSampling?.maxDraws ?? 1);
  const drawn: ScoredGroup<Observation>[] = [];
  const kept: ScoredGroup<Observation>[] = [];
  const failures: MemagentError[] = [];
  let tokens = 0;
  while (kept.length < questionsPerStep && drawn.length < most) {
    const missing = Math.min(questionsPerStep - kept.length, most - drawn.length);
    for (const outcome of await rollOutSamples(options, options.position + drawn.length, missing)) {
      const scored = scoreGroup(outcome.group, { stdDivision });
      drawn.push(scored);
      if (dynamicSampling ? scored.hasSignal : outcome.group.rollouts.length > 0) kept.push(scored);
      failures.push(...outcome.failures);
      tokens += outcome.tokens;
    }
    if (failures[0] && drawn.every(({ group }) => group.rollouts.length === 0)) throw failures[0];
  }
  return { drawn, kept, failures, tokens };
}

/** The groups of `count` samples from `position` on. The first error stops those beside it, and is thrown when they have ended. */
async function rollOutSamples<Observation>(
  { recipe, config, sampleAt, policyVersion, signal }: DrawBatchOptions<Observation>,
  position: number,
  count: number,
): Promise<GroupOutcome<Observation>[]> {
  const controller = new AbortController();
  const queue = new PQueue({ concurrency: config.rolloutConcurrency });
  const settled = await Promise.allSettled(
    Array.from({ length: count }, async (_, index) => {
      try {
        return await rollOutGroup(recipe, {
          sample: await sampleAt(position + index),
          rollouts: config.rolloutsPerQuestion,
          policyVersion,
          key: `${config.seed}/rollout/${position + index}`,
          schedule: (task) => queue.add(task),
          signal: AbortSignal.any([signal, controller.signal]),
        });
      } catch (error) {
        if (!controller.signal.aborted) controller.abort(error);
        throw error;
      }
    }),
  );
  signal.throwIfAborted();
  controller.signal.throwIfAborted();
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}
