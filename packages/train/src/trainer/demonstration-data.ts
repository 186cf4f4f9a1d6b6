import type { Demonstration, TrainingSetup } from './training-setup.ts';
import { MemagentError } from '@memagent/core';
import type { Datum } from '../backend/backend.ts';

/**
 * The data of supervised step `step`: under `cross-entropy` with these scales the loss is the mean negative
 * log-probability of the actions to learn.
 */
export async function demonstrationData<Observation>(
  { demonstrationsAt }: Pick<TrainingSetup<Observation>, 'demonstrationsAt'>,
  step: number,
): Promise<Datum<Observation>[]> {
  if (!demonstrationsAt) {
    throw new MemagentError(
      'The configuration asks for supervised steps (warmUp.steps), but the setup has no demonstrationsAt. Give demonstrations, or set warmUp.steps to 0.',
      { code: 'invalid-option', data: { option: 'warmUp.steps' } },
    );
  }
  const demonstrations = (await demonstrationsAt(step)).filter(({ actions }) => actions.length > 0);
  const total = demonstrations.reduce((sum, { actions }) => sum + actions.length, 0);
  return demonstrations.map((demonstration) => toDatum(demonstration, total));
}

function toDatum<Observation>(
  { observation, actions }: Demonstration<Observation>,
  total: number,
): Datum<Observation> {
  return { observation, actions, logprobs: actions.map(() => 0), advantage: 1, scale: 1 / total };
}
