import type { ScoredGroup } from '../algorithm/scored-group.ts';
import type { DrawnBatch } from './draw-batch.ts';
import type { StepMeasures } from './step-outcome.ts';
import type { PolicyUpdate } from './update-policy.ts';

/** What a batch of Multi-Conv DAPO and its optimiser steps came to. */
export function batchMeasures<Observation>(
  { drawn, kept, failures }: DrawnBatch<Observation>,
  update: PolicyUpdate,
): StepMeasures {
  const rollouts = drawn.flatMap(({ group }) => group.rollouts);
  const sampled = rollouts.length + failures.length;
  const lengths = actionsByConversation(drawn);
  return {
    phase: 'rl',
    reward: ratio(sum(rollouts.map(({ reward }) => reward.task)), sampled),
    shaped: meanByName(rollouts.map(({ reward }) => reward.shaped)),
    penalties: meanByName(rollouts.map(({ reward }) => reward.penalties)),
    groupsKept: kept.length,
    groupsDrawn: drawn.length,
    groupsStale: update.groupsStale,
    staleness: update.staleness,
    rollouts: sampled,
    rolloutsFailed: failures.length,
    conversations: lengths.length,
    actions: sum(actionsByConversation(kept)),
    actionsPerConversation: ratio(sum(lengths), lengths.length),
    ...updateMeasures(update),
  };
}

/** Means over the actions that were trained on, and over the optimiser steps. */
export function updateMeasures(update: PolicyUpdate) {
  return {
    entropy: ratio(update.entropy, update.actions),
    clipFraction: ratio(update.clipped, update.actions),
    kl: ratio(update.kl, update.actions),
    drift: ratio(update.drift, update.actions),
    loss: ratio(update.loss, update.optimSteps),
    gradientNorm: ratio(update.gradientNorm, update.optimSteps),
  };
}

/** 0 where there is nothing to take the mean of. */
export function ratio(total: number, count: number): number {
  return count === 0 ? 0 : total / count;
}

function actionsByConversation<Observation>(groups: readonly ScoredGroup<Observation>[]): number[] {
  return groups.flatMap(({ group }) =>
    group.rollouts.flatMap(({ conversations }) => conversations.map(({ actions }) => actions.length)),
  );
}

/** Every name's mean; a rollout without it counts as 0. */
function meanByName(parts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const names = new Set(parts.flatMap((part) => Object.keys(part)));
  return Object.fromEntries(
    [...names].map((name) => [name, sum(parts.map((part) => part[name] ?? 0)) / parts.length]),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
