import type { DrawnBatch } from './draw-batch.ts';
import type { TrainingConfig } from './training-config.ts';
import type { TrainingNotice } from './training-event.ts';
import type { PolicyUpdate } from './update-policy.ts';

/** What people should know of a batch. */
export function batchNotices(
  { drawn, kept, failures }: DrawnBatch<unknown>,
  { groupsStale, optimSteps }: PolicyUpdate,
  { questionsPerStep, dynamicSampling }: TrainingConfig,
): TrainingNotice[] {
  const notices: TrainingNotice[] = [];
  if (dynamicSampling && kept.length < questionsPerStep) {
    const step = optimSteps === 0 ? 'No optimiser step was made' : 'The step trained on those';
    notices.push({
      code: 'groups-missing',
      message: `${kept.length} of ${questionsPerStep} groups with unequal rewards after ${drawn.length} were drawn. ${step}.`,
    });
  }
  if (failures.length > 0) {
    notices.push({
      code: 'rollouts-failed',
      message:
        failures.length === 1
          ? `1 rollout failed; it counts as reward 0 and is not trained on: ${failures[0]?.message ?? ''}`
          : `${failures.length} rollouts failed; they count as reward 0 and are not trained on. The first: ${failures[0]?.message ?? ''}`,
    });
  }
  if (groupsStale > 0) {
    notices.push({
      code: 'groups-stale',
      message:
        groupsStale === 1
          ? '1 group was too old to train on and was dropped.'
          : `${groupsStale} groups were too old to train on and were dropped.`,
    });
  }
  return notices;
}
