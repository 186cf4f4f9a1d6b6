/** Conversations as data of the Tinker API. Tokens go from sampling to training as they are: no text in between. */
import { type Datum, type PassOutput, policyDatum, weightedDatum } from '@memagent/tinker';
import { MemagentError } from '@memagent/core';
import type { TakenActions } from '../backend/backend.ts';

/** A prompt as token ids. */
export type TokenObservation = readonly number[];

/** A conversation's tokens. */
export type Tokens = Pick<TakenActions<TokenObservation>, 'observation' | 'actions'>;

/**
 * For `ppo`: the prompt has advantage 0. `advantages` has one entry for each action, its share of the loss included,
 * because the engine adds up.
 */
export function toPolicyDatum(
  { observation, actions }: Tokens,
  logprobs: readonly number[],
  advantages: readonly number[],
): Datum {
  const prompt = observation.map(() => 0);
  return policyDatum([...observation, ...actions], [...prompt, ...logprobs], [...prompt, ...advantages]);
}

/** For `cross_entropy`: the prompt weighs 0. */
export function toWeightedDatum({ observation, actions }: Tokens, weights: readonly number[]): Datum {
  return weightedDatum([...observation, ...actions], [...observation.map(() => 0), ...weights]);
}

/** Log-probabilities of the actions in a pass's result. Throws `model-failed` where it has none. */
export function actionLogprobs({ outputs }: PassOutput, data: readonly Tokens[]): number[][] {
  return data.map(({ observation, actions }, index) => {
    const logprobs = outputs[index]?.['logprobs'];
    const expected = observation.length + actions.length - 1;
    if (logprobs?.data.length !== expected) {
      throw new MemagentError(
        `The engine gave ${logprobs?.data.length ?? 'no'} log-probabilities for a sequence with ${expected} targets.`,
        { code: 'model-failed' },
      );
    }
    return Array.from(logprobs.data).slice(observation.length - 1);
  });
}
