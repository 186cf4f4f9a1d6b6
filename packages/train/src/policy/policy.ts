/**
 * What turns a backend into something that reads: the reader that the agent uses, for training and for people
 * alike, with every conversation handed to a recorder on the way.
 */
import type { Reader } from '@memagent/core';
import type { ActionSampler, TrainingBackend } from '../backend/backend.ts';
import type { Conversation } from '../glossary.ts';

export interface Policy<Observation> {
  readonly backend: TrainingBackend<Observation>;
  /** A reader that samples from the backend and records each conversation. One per rollout. */
  createReader(rollout: RolloutSampling<Observation>): Reader;
  /** A conversation as people read it: what the policy saw and what it did. */
  describe(conversation: Conversation<Observation>): { observation: string; action: string };
}

export interface RolloutSampling<Observation> {
  temperature: number;
  topP: number;
  /** Names the rollout's draws: 32 bits; each conversation's seed follows from it and the step's name. */
  seed: number;
  /** What to sample from where sampling runs ahead of training. Default: the policy's backend. */
  sampler?: ActionSampler<Observation>;
  record(conversation: Conversation<Observation>): void;
}
