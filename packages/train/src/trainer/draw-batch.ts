/** Dynamic sampling: draws samples and rolls them out until the batch is full of groups that teach something. */
import type { MemagentError } from '@memagent/core';
import PQueue from 'p-queue';
import { type ScoredGroup, scoreGroup } from '../algorithm/scored-group.ts';
import type { Group, Sample } from '../glossary.ts';
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
  const { questionsPerStep, dynamicSampling } = options.config;
  const most = questionsPerStep * (dynamicSampling?.maxDraws ?? 1);
  const groups: Group<Observation>[] = [];
  let batch = composeBatch(groups, options.config);
  const failures: MemagentError[] = [];
  let tokens = 0;
  while (batch.kept.length < questionsPerStep && groups.length < most) {
    const missing = Math.min(questionsPerStep - batch.kept.length, most - groups.length);
    for (const outcome of await rollOutSamples(options, options.position + groups.length, missing)) {
      groups.push(outcome.group);
      failures.push(...outcome.failures);
      tokens += outcome.tokens;
    }
    if (failures[0] && groups.every(({ rollouts }) => rollouts.length === 0)) throw failures[0];
    batch = composeBatch(groups, options.config);
  }
  return { ...batch, failures, tokens };
}

/** Takes the groups' advantages, and keeps those that teach something; all that have a rollout without dynamic sampling. */
export function composeBatch<Observation>(
  groups: readonly Group<Observation>[],
  { dynamicSampling, stdDivision }: TrainingConfig,
): Pick<DrawnBatch<Observation>, 'drawn' | 'kept'> {
  const drawn = groups.map((group) => scoreGroup(group, { stdDivision }));
  const kept = drawn.filter(({ hasSignal, group }) =>
    dynamicSampling ? hasSignal : group.rollouts.length > 0,
  );
  return { drawn, kept };
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
