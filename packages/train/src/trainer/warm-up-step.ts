/** A supervised step: the loss is the mean negative log-probability of the actions to learn. */
import { MemagentError } from '@memagent/core';
import type { Datum } from '../backend/backend.ts';
import { ratio, updateMeasures } from './step-measures.ts';
import type { StepOutcome } from './step-outcome.ts';
import type { TrainingConfig } from './training-config.ts';
import type { TrainingNotice } from './training-event.ts';
import type { TrainingSetup } from './training-setup.ts';
import { makeOptimStep, noUpdate } from './update-policy.ts';

export interface WarmUpStepOptions<Observation> {
  setup: TrainingSetup<Observation>;
  config: TrainingConfig;
  /** From 1. */
  step: number;
  learningRate: number;
}

/** Imitates the demonstrations of step `step`. Throws `invalid-option` where the setup has none. */
export async function makeWarmUpStep<Observation>({
  setup,
  config,
  step,
  learningRate,
}: WarmUpStepOptions<Observation>): Promise<StepOutcome> {
  const { backend } = setup.policy;
  const data = await demonstrationData(setup, step);
  const update = noUpdate();
  await makeOptimStep(data, { kind: 'cross-entropy' }, { backend, config, learningRate }, update);
  const notices = await averageWeights(setup, config, step);
  return {
    metrics: {
      phase: 'warm-up',
      reward: Math.exp(-update.loss),
      shaped: {},
      penalties: {},
      groupsKept: 0,
      groupsDrawn: 0,
      groupsStale: 0,
      staleness: {},
      rollouts: 0,
      rolloutsFailed: 0,
      conversations: data.length,
      actions: update.actions,
      actionsPerConversation: ratio(update.actions, data.length),
      ...updateMeasures(update),
    },
    tokens: update.actions,
    optimSteps: update.optimSteps,
    samplesDrawn: 0,
    notices,
    rollouts: [],
  };
}

/**
 * Takes the weights of the steps that the configuration names into a mean; the last step ends with it. Where the
 * engine keeps none, the first step says so.
 */
async function averageWeights<Observation>(
  { policy: { backend } }: TrainingSetup<Observation>,
  { warmUp: { steps, average } }: TrainingConfig,
  step: number,
): Promise<TrainingNotice[]> {
  if (!average) return [];
  if (!backend.mean) {
    const message = `The engine ${backend.name} keeps no mean of weights (warmUp.average): the supervised phase ends with those of its last step.`;
    return step === 1 ? [{ code: 'no-average', message }] : [];
  }
  if (step >= average.from && (step - average.from) % average.every === 0) await backend.mean.add();
  if (step === steps) await backend.mean.take();
  return [];
}

async function demonstrationData<Observation>(
  { demonstrationsAt }: TrainingSetup<Observation>,
  step: number,
): Promise<Datum<Observation>[]> {
  if (!demonstrationsAt) {
    throw new MemagentError(
      'The configuration asks for supervised steps (warmUp.steps), but the setup has no demonstrationsAt. Give demonstrations, or set warmUp.steps to 0.',
      { code: 'invalid-option', data: { option: 'warmUp.steps' } },
    );
  }
  const demonstrations = (await demonstrationsAt(step)).filter(({ actions }) => actions.length > 0);
  const scale = 1 / demonstrations.reduce((sum, { actions }) => sum + actions.length, 0);
  return demonstrations.map(({ observation, actions }) => ({
    observation,
    actions,
    logprobs: actions.map(() => 0),
    advantage: 1,
    scale,
  }));
}
