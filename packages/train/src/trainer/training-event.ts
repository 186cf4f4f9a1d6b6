/** What a training run tells while it goes: the command line shows it, `runTraining` writes it down. */
import type { StepMetrics } from './metrics.ts';
import type { RolloutRecord } from './rollout-record.ts';
import type { TrainerState } from './trainer-state.ts';

export type TrainingEvent =
  /** `step` batches are done already when a run goes on; `steps` is how many there will be, warm-up included. */
  | { type: 'training-start'; step: number; warmUpSteps: number; steps: number }
  /** The first batch of reinforcement learning comes next. */
  | { type: 'rl-start'; state: TrainerState }
  /** A batch is done. `rollouts` is empty in warm-up and where none are recorded. */
  | { type: 'step-end'; metrics: StepMetrics; rollouts: readonly RolloutRecord[]; state: TrainerState }
  | { type: 'checkpoint-saved'; step: number; folder: string }
  /** Something that people should know and that does not stop the run. */
  | ({ type: 'notice'; step: number } & TrainingNotice)
  | { type: 'training-end'; state: TrainerState };

/** What happened, and why it matters. */
export interface TrainingNotice {
  code: TrainingNoticeCode;
  message: string;
}

/** What a notice is about. */
export type TrainingNoticeCode =
  /** Dynamic sampling reached its bound: the step trained on fewer groups, or on none. */
  | 'groups-missing'
  /** Rollouts failed: they count as reward 0 and are not trained on. */
  | 'rollouts-failed'
  /** Groups were older than `maxStaleness` and were dropped. */
  | 'groups-stale'
  /** A mean of weights was asked for, and the engine keeps none. */
  | 'no-average'
  /** The engine was gone; the run goes on from its newest checkpoint. */
  | 'engine-lost';
