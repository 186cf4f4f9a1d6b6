import type { ScoredGroup } from '../algorithm/scored-group.ts';
import type { StepMetrics } from './metrics.ts';
import type { DrawnBatch } from './draw-batch.ts';
import type { PolicyUpdate } from './update-policy.ts';

/** What every step reports of its own place and time. */
export type StepFacts = Pick<StepMetrics, 'step' | 'learningRate' | 'optimSteps' | 'elapsedMs'> & {
  /** Time that this step took. */
  stepMs: number;
};

/** The metrics of a batch of Multi-Conv DAPO. */
export function batchMetrics<Observation>(
  batch: DrawnBatch<Observation>,
  update: PolicyUpdate,
  { stepMs, ...facts }: StepFacts,
): StepMetrics {
  const rollouts = batch.drawn.flatMap(({ group }) => group.rollouts);
  const sampled = rollouts.length + batch.failures.length;
  const lengths = rollouts.flatMap(({ conversations }) => conversations.map(({ actions }) => actions.length));
  const actions = sum(lengths);
  return {
    ...facts,
    phase: 'rl',
    reward: ratio(sum(rollouts.map(({ reward }) => reward.task)), sampled),
    shaped: meanByName(rollouts.map(({ reward }) => reward.shaped)),
    penalties: meanByName(rollouts.map(({ reward }) => reward.penalties)),
    groupsKept: batch.kept.length,
    groupsDrawn: batch.drawn.length,
    groupsStale: update.groupsStale,
    rollouts: sampled,
    rolloutsFailed: batch.failures.length,
    conversations: lengths.length,
    actions: countActions(batch.kept),
    actionsPerConversation: ratio(actions, lengths.length),
    ...updateMetrics(update),
    tokensPerSecond: perSecond(batch.tokens + actions, stepMs),
  };
}

/** The metrics of a supervised step. */
export function warmUpMetrics(
  conversations: number,
  update: PolicyUpdate,
  { stepMs, ...facts }: StepFacts,
): StepMetrics {
  return {
    ...facts,
    phase: 'warm-up',
    reward: Math.exp(-update.loss),
    shaped: {},
    penalties: {},
    groupsKept: 0,
    groupsDrawn: 0,
    groupsStale: 0,
    rollouts: 0,
    rolloutsFailed: 0,
    conversations,
    actions: update.actions,
    actionsPerConversation: ratio(update.actions, conversations),
    ...updateMetrics(update),
    clipFraction: 0,
    kl: 0,
    drift: 0,
    tokensPerSecond: perSecond(update.actions, stepMs),
  };
}

/** Means over the actions, and over the optimiser steps. */
function updateMetrics(update: PolicyUpdate) {
  return {
    entropy: ratio(update.entropy, update.actions),
    clipFraction: ratio(update.clipped, update.actions),
    kl: ratio(update.kl, update.actions),
    drift: ratio(update.drift, update.actions),
    loss: ratio(update.loss, update.optimSteps),
    gradientNorm: ratio(update.gradientNorm, update.optimSteps),
  };
}

function countActions<Observation>(groups: readonly ScoredGroup<Observation>[]): number {
  return sum(
    groups.flatMap(({ group }) =>
      group.rollouts.flatMap(({ conversations }) => conversations.map(({ actions }) => actions.length)),
    ),
  );
}

/** Every name's mean; a rollout without it counts as 0. */
function meanByName(parts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const names = new Set(parts.flatMap((part) => Object.keys(part)));
  return Object.fromEntries(
    [...names].map((name) => [name, sum(parts.map((part) => part[name] ?? 0)) / parts.length]),
  );
}

function perSecond(count: number, elapsedMs: number): number {
  return ratio(count * 1000, elapsedMs);
}

/** 0 where there is nothing to take the mean of. */
function ratio(total: number, count: number): number {
  return count === 0 ? 0 : total / count;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
