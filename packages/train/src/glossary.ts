/**
 * The terms of training, defined once.
 *
 * - **sample**: a question over a document with its accepted answers; what one group is rolled out on.
 * - **observation**: what the policy sees before it acts: the tokens of a prompt, or the features of the
 *   sentences that an evidence reader may pick from. Only the backend looks inside.
 * - **action**: one choice of the policy: a sampled token (the end token included), or one pick (stop included).
 * - **conversation**: one observation and the actions taken on it, with their log-probabilities at sampling.
 *   Each step of the agent (an update, a merge, the answer) is one; no conversation sees another.
 * - **rollout**: one reading of a sample's document from the first section to the answer: conversations in the
 *   order in which they happened, and one reward for the whole of it.
 * - **group**: the rollouts of one sample; an advantage is relative to its group.
 * - **batch**: the groups that are sampled with the same weights. A mini-batch is the part of it that one
 *   optimiser step consumes, counted in questions: a group is never split.
 */
import type { EvalItem } from '@memagent/eval';

export type Sample = EvalItem;

export interface Conversation<Observation> {
  /** The step of the agent's run: `update/12`, `answer`. */
  step: string;
  observation: Observation;
  actions: readonly number[];
  /** Log-probability of each action under the policy that sampled it, after temperature and masks. */
  logprobs: readonly number[];
  /** The conversation whose reply is the rollout's answer. */
  isAnswer: boolean;
}

/** What a rollout earned, its parts apart. */
export interface Reward {
  /** The task's own reward, 0 to 1: the evaluation's metric of the final answer (or of the final memory). */
  task: number;
  /** Shaped rewards by name, already weighted; empty unless asked for. */
  shaped: Readonly<Record<string, number>>;
  /** Penalties by name, zero or negative (overlong output); empty unless asked for. */
  penalties: Readonly<Record<string, number>>;
}

export interface Rollout<Observation> {
  conversations: readonly Conversation<Observation>[];
  reward: Reward;
  /** What the agent answered and remembered at the end. */
  answer: string;
  memory: string;
}

export interface Group<Observation> {
  sample: Sample;
  rollouts: readonly Rollout<Observation>[];
  /** Optimiser steps that the policy had made when the group was sampled. */
  policyVersion: number;
}
