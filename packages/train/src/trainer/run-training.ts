/** A training run in a folder: settings, metrics, rollouts and checkpoints; killed at any moment, it goes on. */
import type { TrainingConfigInput } from './training-config.ts';
import type { TrainingEvent } from './training-event.ts';
import type { TrainingSetup } from './training-setup.ts';

export interface RunTrainingOptions<Observation> {
  /** Stable name of the recipe, kept with the run: `evidence`, `tiny`. */
  name: string;
  setup: TrainingSetup<Observation>;
  config: TrainingConfigInput;
  /** Folder of the run: `training.json`, `metrics.jsonl`, `rollouts/step-000001.jsonl`, `checkpoints/step-000050/`. */
  out: string;
  /** Go on with the run in `out` from its newest checkpoint (from the beginning where it has none). */
  resume?: boolean;
  signal?: AbortSignal;
  now?: () => number;
}

/**
 * Runs `train` in a folder. Metrics and rollouts after the checkpoint that a run goes on from are removed and
 * made again, so the files end as those of a run that was never stopped. Throws `invalid-option` when `out`
 * holds a run and `resume` is not set, `settings-changed` when it is resumed with another configuration,
 * `bad-checkpoint`, `not-finite`, and `store-failed` when it cannot write.
 */
export async function* runTraining<Observation>(
  _options: RunTrainingOptions<Observation>,
): AsyncGenerator<TrainingEvent> {
  yield await Promise.reject(new Error('runTraining: being written'));
}
