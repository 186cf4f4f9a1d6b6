/** A rollout as it is kept beside the metrics (`rollouts/<step>.jsonl`, one line each) and shown in the report. */
import type { Reward } from '../glossary.ts';

export interface RolloutRecord {
  step: number;
  /** Index of the group in its batch and of the rollout in its group. */
  group: number;
  rollout: number;
  sampleId: string;
  question: string;
  answers: readonly string[];
  answer: string;
  memory: string;
  reward: Reward;
  advantage: number;
  /** False for rollouts of groups that dynamic sampling dropped. */
  kept: boolean;
  conversations: readonly ConversationRecord[];
}

export interface ConversationRecord {
  step: string;
  isAnswer: boolean;
  observation: string;
  action: string;
  actions: number;
  /** Sum of the log-probabilities at sampling. */
  logprob: number;
}
