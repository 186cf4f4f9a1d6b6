/**
 * The training loop: supervised steps, then batches of Multi-Conv DAPO (paper; DAPO, arXiv 2503.14476). A batch is
 * drawn with one set of weights, its groups that teach something are kept, and each mini-batch of them makes one
 * optimiser step. The loop touches no files: `runTraining` writes down what it tells.
 */
import { learningRateFactor } from '../algorithm/learning-rate.ts';
import { createAgentWorkflow } from '../rollout/agent-workflow.ts';
import { metricReward } from '../rollout/metric-reward.ts';
import type { RolloutRecipe } from '../rollout/roll-out.ts';
import { demonstrationData } from './demonstration-data.ts';
import { drawBatch } from './draw-batch.ts';
import { batchNotices } from './batch-notices.ts';
import { recordRollouts } from './record-rollouts.ts';
import { batchMetrics, type StepFacts, warmUpMetrics } from './step-metrics.ts';
import { initialTrainerState, type TrainerState } from './trainer-state.ts';
import type { TrainingConfig } from './training-config.ts';
import type { TrainingEvent } from './training-event.ts';
import type { TrainingSetup } from './training-setup.ts';
import { makeOptimStep, noUpdate, updatePolicy } from './update-policy.ts';

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
export async function* train<Observation>(options: TrainOptions<Observation>): AsyncGenerator<TrainingEvent> {
  const { setup, config, signal = new AbortController().signal, now = Date.now } = options;
  const { backend } = setup.policy;
  const recipe = rolloutRecipe(setup, config);
  const warmUpSteps = config.warmUp.steps;
  const steps = warmUpSteps + config.steps;
  let state = options.state ?? initialTrainerState;
  yield { type: 'training-start', step: state.step, warmUpSteps, steps };

  while (state.step < steps) {
    signal.throwIfAborted();
    const step = state.step + 1;
    if (step === warmUpSteps + 1) yield { type: 'rl-start', state };
    const startedAt = now();
    const learningRate = learningRateAt(step, config);
    const advance = (optimSteps: number, drawn: number): StepFacts => {
      const stepMs = now() - startedAt;
      state = {
        step,
        optimSteps: state.optimSteps + optimSteps,
        samplePosition: state.samplePosition + drawn,
        elapsedMs: state.elapsedMs + stepMs,
      };
      return { step, learningRate, optimSteps: state.optimSteps, elapsedMs: state.elapsedMs, stepMs };
    };

    if (step <= warmUpSteps) {
      const data = await demonstrationData(setup, step);
      const update = noUpdate();
      await makeOptimStep(data, { kind: 'cross-entropy' }, { backend, config, learningRate }, update);
      const metrics = warmUpMetrics(data.length, update, advance(update.optimSteps, 0));
      yield { type: 'step-end', metrics, rollouts: [], state };
      continue;
    }

    const { sampleAt, reference } = setup;
    const { optimSteps, samplePosition: position } = state;
    const batch = await drawBatch({ recipe, config, sampleAt, position, policyVersion: optimSteps, signal });
    const update = await updatePolicy(batch.kept, {
      backend,
      reference,
      config,
      learningRate,
      optimSteps,
      signal,
    });
    const metrics = batchMetrics(batch, update, advance(update.optimSteps, batch.drawn.length));
    for (const notice of batchNotices(batch, update, config)) yield { type: 'notice', step, ...notice };
    const isRecorded =
      config.recordEverySteps > 0 && (step - warmUpSteps - 1) % config.recordEverySteps === 0;
    const rollouts = isRecorded ? recordRollouts(step, batch, setup.policy, config.recordGroups) : [];
    yield { type: 'step-end', metrics, rollouts, state };
  }
  yield { type: 'training-end', state };
}

function rolloutRecipe<Observation>(
  { policy, workflow, reward }: TrainingSetup<Observation>,
  { sampling, shaped, overlong }: TrainingConfig,
): RolloutRecipe<Observation> {
  return {
    policy,
    workflow: workflow ?? createAgentWorkflow(),
    reward: reward ?? metricReward(),
    sampling,
    shaped,
    overlong,
  };
}

function learningRateAt(step: number, { warmUp, adam, schedule, steps }: TrainingConfig): number {
  return step <= warmUp.steps
    ? warmUp.learningRate * learningRateFactor(step, warmUp.steps, warmUp.schedule)
    : adam.learningRate * learningRateFactor(step - warmUp.steps, steps, schedule);
}
