/**
 * The training loop: supervised steps, then batches of Multi-Conv DAPO (paper; DAPO, arXiv 2503.14476). A batch is
 * drawn with one set of weights, which may be some steps old (`batch-queue.ts`), its groups that teach something are kept, and each mini-batch of them makes one
 * optimiser step. The loop touches no files: `runTraining` writes down what it tells.
 */
import { learningRateFactor } from '../algorithm/learning-rate.ts';
import { type BatchQueue, createBatchQueue } from './batch-queue.ts';
import { makeReinforcementStep } from './reinforcement-step.ts';
import { ratio } from './step-measures.ts';
import { initialTrainerState, type TrainerState } from './trainer-state.ts';
import type { TrainingConfig } from './training-config.ts';
import type { TrainingEvent } from './training-event.ts';
import type { TrainingSetup } from './training-setup.ts';
import { makeWarmUpStep } from './warm-up-step.ts';

export interface TrainOptions<Observation> {
  setup: TrainingSetup<Observation>;
  config: TrainingConfig;
  /** Where to go on; the backend must have been loaded to match. Default: the beginning. */
  state?: TrainerState;
  /** Where batches come from; closed at the end. Default: one that keeps nothing on the disk. */
  queue?: BatchQueue<Observation>;
  signal?: AbortSignal;
  now?: () => number;
}

/**
 * Trains, and tells after each batch. The weights stand still while the consumer handles an event, so a
 * checkpoint taken at `step-end` belongs to its `state`. Throws `not-finite` before weights are spoilt, and the
 * signal's reason on abort.
 */
export async function* train<Observation>(options: TrainOptions<Observation>): AsyncGenerator<TrainingEvent> {
  const { setup, config, signal = new AbortController().signal, now = Date.now } = options;
  const queue = options.queue ?? createBatchQueue({ setup, config, signal });
  const warmUpSteps = config.warmUp.steps;
  const steps = warmUpSteps + config.steps;
  let state = options.state ?? initialTrainerState;
  yield { type: 'training-start', step: state.step, warmUpSteps, steps };

  try {
    while (state.step < steps) {
      signal.throwIfAborted();
      if (state.step === warmUpSteps) yield { type: 'rl-start', state };
      const { optimSteps: policyVersion, samplePosition: position } = state;
      const startedAt = now();
      const step = state.step + 1;
      const learningRate = learningRateAt(step, config);
      const { metrics, tokens, optimSteps, samplesDrawn, notices, rollouts } =
        step <= warmUpSteps
          ? await makeWarmUpStep({ setup, config, step, learningRate })
          : await makeReinforcementStep({
              setup,
              config,
              queue,
              step,
              position,
              policyVersion,
              learningRate,
              signal,
            });
      const stepMs = now() - startedAt;
      state = {
        step,
        optimSteps: policyVersion + optimSteps,
        samplePosition: position + samplesDrawn,
        elapsedMs: state.elapsedMs + stepMs,
      };
      for (const notice of notices) yield { type: 'notice', step, ...notice };
      yield {
        type: 'step-end',
        metrics: {
          step,
          ...metrics,
          learningRate,
          optimSteps: state.optimSteps,
          tokensPerSecond: ratio(tokens * 1000, stepMs),
          elapsedMs: state.elapsedMs,
        },
        rollouts,
        state,
      };
    }
  } finally {
    await queue.close();
  }
  yield { type: 'training-end', state };
}

function learningRateAt(step: number, { warmUp, adam, schedule, steps }: TrainingConfig): number {
  return step <= warmUp.steps
    ? warmUp.learningRate * learningRateFactor(step, warmUp.steps, warmUp.schedule)
    : adam.learningRate * learningRateFactor(step - warmUp.steps, steps, schedule);
}
