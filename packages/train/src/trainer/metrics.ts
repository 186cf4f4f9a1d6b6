/**
 * What a training step reports: one object per line of `metrics.jsonl`, and what the terminal view and the
 * report page show.
 */
export interface StepMetrics {
  /** Counts optimisation batches from 1. */
  step: number;
  /** `warm-up`: supervised; `rl`: Multi-Conv DAPO. */
  phase: 'warm-up' | 'rl';
  /** Mean task reward over all rollouts sampled in this step, before any group is dropped and without penalties. Failed rollouts count as 0. In warm-up: the geometric mean probability of the actions to learn. */
  reward: number;
  /** Mean of each shaped reward and each penalty, by name. */
  shaped: Readonly<Record<string, number>>;
  penalties: Readonly<Record<string, number>>;
  /** Groups with unequal rewards, of all groups that were drawn. */
  groupsKept: number;
  groupsDrawn: number;
  /** Rollouts that were sampled, and those of them whose run failed: reward 0, and not trained on. */
  rollouts: number;
  rolloutsFailed: number;
  /** Groups left out of an optimiser step because they were older than `maxStaleness`. */
  groupsStale: number;
  /** Groups by how many optimiser steps they lay behind the weights when their turn came, dropped ones included: `{"0": 4, "1": 4}`. */
  staleness: Readonly<Record<string, number>>;
  conversations: number;
  /** Sampled actions of the kept rollouts: N of the token-mean. */
  actions: number;
  /** Mean actions of a conversation. */
  actionsPerConversation: number;
  /** Mean entropy of an action, in nats; NaN (null in the file) where the engine does not tell. */
  entropy: number;
  clipFraction: number;
  /** Mean k3 estimate against the reference; 0 without one. */
  kl: number;
  /** Mean k3 estimate of the sampling policy against the trained one. */
  drift: number;
  loss: number;
  gradientNorm: number;
  learningRate: number;
  optimSteps: number;
  /** Tokens of documents read and actions sampled, per second of this step; in warm-up the actions learned. */
  tokensPerSecond: number;
  elapsedMs: number;
}
