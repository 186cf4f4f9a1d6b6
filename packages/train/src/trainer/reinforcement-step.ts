/** A batch of Multi-Conv DAPO: rollouts, the groups that teach something, and the optimiser steps on them. */
import { batchNotices } from './batch-notices.ts';
import type { BatchPlace, BatchQueue } from './batch-queue.ts';
import { recordRollouts } from './record-rollouts.ts';
import { batchMeasures } from './step-measures.ts';
import type { StepOutcome } from './step-outcome.ts';
import type { TrainingConfig } from './training-config.ts';
import type { TrainingSetup } from './training-setup.ts';
import { updatePolicy } from './update-policy.ts';

export interface ReinforcementStepOptions<Observation> extends BatchPlace {
  setup: TrainingSetup<Observation>;
  config: TrainingConfig;
  queue: BatchQueue<Observation>;
  learningRate: number;
  signal: AbortSignal;
}

/** Makes the step: takes its batch, and trains on it. */
export async function makeReinforcementStep<Observation>(
  options: ReinforcementStepOptions<Observation>,
): Promise<StepOutcome> {
  const { setup, config, queue, step, learningRate, policyVersion, signal } = options;
  const { policy, reference } = setup;
  const batch = await queue.next(options);
  const update = await updatePolicy(batch.kept, {
    backend: policy.backend,
    reference,
    config,
    learningRate,
    optimSteps: policyVersion,
    signal,
  });
  const { recordEverySteps, recordGroups, warmUp } = config;
  const isRecorded = recordEverySteps > 0 && (step - warmUp.steps - 1) % recordEverySteps === 0;
  return {
    metrics: batchMeasures(batch, update),
    tokens: batch.tokens,
    optimSteps: update.optimSteps,
    samplesDrawn: batch.drawn.length,
    notices: batchNotices(batch, update, config),
    rollouts: isRecorded ? recordRollouts(step, batch, policy, recordGroups) : [],
  };
}
