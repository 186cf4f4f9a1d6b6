/** A training run of the gate task in a folder, for tests of resuming: small, and the same every time. */
import type { TrainingBackend } from '../backend/backend.ts';
import { runTraining } from '../trainer/run-training.ts';
import type { TrainingConfigInput } from '../trainer/training-config.ts';
import type { TrainingEvent } from '../trainer/training-event.ts';
import { createGateSetup, gateShape } from './gate-task.ts';
import { createLinearBackend, type Features } from './linear-backend.ts';

/** One supervised step and four of reinforcement learning, with a checkpoint after every second one and the last. */
export const gateRunConfig: TrainingConfigInput = {
  seed: 5,
  warmUp: { steps: 1, learningRate: 0.05 },
  steps: 4,
  questionsPerStep: 2,
  rolloutsPerQuestion: 4,
  miniBatchQuestions: 1,
  dynamicSampling: { maxDraws: 2 },
  loss: { klWeight: 0.01 },
  adam: { learningRate: 0.1 },
  checkpointEverySteps: 2,
  keepCheckpoints: 2,
};

export interface GateRunOptions {
  out: string;
  config?: TrainingConfigInput;
  resume?: boolean;
  from?: string;
  /** Replaces the engine by one that fails, counts, or kills the process. */
  wrap?: (backend: TrainingBackend<Features>) => TrainingBackend<Features>;
  now?: () => number;
}

/** Starts or resumes the run. Its clock stands still, so that equal runs write equal files. */
export function runGate({
  out,
  config,
  resume = false,
  from,
  wrap = (one) => one,
  now = () => 0,
}: GateRunOptions): AsyncGenerator<TrainingEvent> {
  return runTraining({
    name: 'gate',
    setup: { ...createGateSetup(wrap(createBackend()), 3), reference: createBackend() },
    config: { ...gateRunConfig, ...config },
    out,
    resume,
    ...(from === undefined ? {} : { from }),
    now,
  });
}

function createBackend(): TrainingBackend<Features> {
  return createLinearBackend({ ...gateShape, seed: 3 });
}
