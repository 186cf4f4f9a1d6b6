/** A batch of Multi-Conv DAPO: rollouts, the groups that teach something, and the optimiser steps on them. */
import { batchNotices } from './batch-notices.ts';
import type { BatchStore } from './batch-store.ts';
import { drawBatch, type DrawBatchOptions, type DrawnBatch } from './draw-batch.ts';
import { recordRollouts } from './record-rollouts.ts';
import { batchMeasures } from './step-measures.ts';
import type { StepOutcome } from './step-outcome.ts';
import type { TrainingSetup } from './training-setup.ts';
import { updatePolicy } from './update-policy.ts';

export interface ReinforcementStepOptions<Observation> extends DrawBatchOptions<Observation> {
  setup: TrainingSetup<Observation>;
  /** Counts from 1, warm-up included. */
  step: number;
  learningRate: number;
  /** Keeps the batch, and gives back the one that was drawn for this step before. */
  batches?: BatchStore<Observation> | undefined;
}

/** Makes the step: the batch is sampled with the weights as they are, `policyVersion` optimiser steps old. */
export async function makeReinforcementStep<Observation>(
  options: ReinforcementStepOptions<Observation>,
): Promise<StepOutcome> {
  const { setup, config, step, learningRate, policyVersion, signal } = options;
  const { policy, reference } = setup;
  const batch = await drawOnce(options);
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

async function drawOnce<Observation>(
  options: ReinforcementStepOptions<Observation>,
): Promise<DrawnBatch<Observation>> {
  const { batches, step } = options;
  const known = await batches?.read(step, options);
  if (known) return known;
  const batch = await drawBatch(options);
  await batches?.write(step, batch);
  return batch;
}
