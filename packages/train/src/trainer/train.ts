/** The training loop: warm-up, then batches of Multi-Conv DAPO. It touches no files. */
import type { TrainingConfig } from './training-config.ts';
import type { TrainerState } from './trainer-state.ts';
import type { TrainingEvent } from './training-event.ts';
import type { TrainingSetup } from './training-setup.ts';

export interface TrainOptions<Observation> {
  setup: TrainingSetup<Observation>;
  config: TrainingConfig;
  /** Where to go on; the backend must have been loaded to match. Default: the beginning. */
  state?: TrainerState;
  signal?: AbortSignal;
  now?: () => number;
}

/**
 * Trains, and tells after each batch. The weights stand still while the consumer handles an event, so a
 * checkpoint taken at `step-end` belongs to its `state`. Throws `not-finite` before weights are spoilt, and the
 * signal's reason on abort.
 */
export async function* train<Observation>(
  _options: TrainOptions<Observation>,
): AsyncGenerator<TrainingEvent> {
  yield await Promise.reject(new Error('train: being written'));
}
