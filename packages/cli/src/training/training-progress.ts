/** How far a training run is, computed from its events. */
import type { StepMetrics, TrainingEvent } from '@memagent/train';

export interface TrainingState {
  /** Steps done, and in all; warm-up included. */
  step: number;
  steps: number;
  /** The last step's, where this session has made one. */
  metrics: StepMetrics | undefined;
  /** Rewards of this session's steps in the present phase, oldest first. */
  rewards: readonly number[];
  /** Until the present phase is over: what a step of the next one takes is not known yet. */
  remainingMs: number | undefined;
  /** What happened last beside steps: a checkpoint, a notice. */
  latest: string;
}

export interface TrainingProgress {
  apply(event: TrainingEvent): void;
  state(): TrainingState;
}

/** Steps whose mean time the rest is estimated from. */
const timedSteps = 20;

export function createTrainingProgress(): TrainingProgress {
  let warmUpSteps = 0;
  let steps = 0;
  let step = 0;
  let latest = '';
  let inPhase: StepMetrics[] = [];

  function remaining(): number | undefined {
    const [first, last] = [inPhase.slice(-timedSteps)[0], inPhase.at(-1)];
    if (!first || !last || first === last) return undefined;
    const left = (last.phase === 'warm-up' ? warmUpSteps : steps) - last.step;
    if (left === 0) return undefined;
    return (left * (last.elapsedMs - first.elapsedMs)) / (last.step - first.step);
  }

  return {
    apply(event) {
      switch (event.type) {
        case 'training-start':
          ({ warmUpSteps, steps, step } = event);
          break;
        case 'step-end':
          if (inPhase.at(-1)?.phase !== event.metrics.phase) inPhase = [];
          inPhase.push(event.metrics);
          step = event.metrics.step;
          break;
        case 'checkpoint-saved':
          latest = `checkpoint of step ${event.step} saved`;
          break;
        case 'notice':
          latest = event.message;
          break;
        case 'rl-start':
        case 'training-end':
          break;
        default:
          event satisfies never;
      }
    },
    state: () => ({
      step,
      steps,
      metrics: inPhase.at(-1),
      rewards: inPhase.map(({ reward }) => reward),
      remainingMs: remaining(),
      latest,
    }),
  };
}
