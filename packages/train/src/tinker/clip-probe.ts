/**
 * Whether an engine's `ppo` takes the thresholds that it is given: some ignore them, some have fixed ones. One
 * conversation is scored as if it had been sampled with a probability e times smaller, under thresholds that no
 * server has by itself; then each action's loss is the upper threshold.
 */
import type { Model } from '@memagent/tinker';
import type { TakenActions } from '../backend/backend.ts';
import {
  actionLogprobs,
  reportedLoss,
  toPolicyDatum,
  toWeightedDatum,
  type TokenObservation,
} from './token-data.ts';

/** `unknown`: the engine does not tell its loss. */
export type ClipAnswer = 'honoured' | 'ignored' | 'unknown';

const probe = { clipLowThreshold: 0.7, clipHighThreshold: 1.6 };

/** Asks; two forward passes, which change nothing. */
export async function probeClip(model: Model, datum: TakenActions<TokenObservation>): Promise<ClipAnswer> {
  const ones = datum.actions.map(() => 1);
  const scored = await model.forward([toWeightedDatum(datum, ones)], { name: 'cross_entropy' });
  const [logprobs = []] = actionLogprobs(scored, [datum]);
  const shifted = logprobs.map((logprob) => logprob - 1);
  const answer = await model.forward([toPolicyDatum(datum, shifted, ones)], { name: 'ppo', ...probe });
  const loss = reportedLoss(answer);
  if (loss === undefined) return 'unknown';
  // Engines differ in whether they add up or average: either is the threshold, times the count or not.
  const found = Math.abs(loss);
  const isClose = (expected: number): boolean => Math.abs(found - expected) < 0.02 * expected;
  return isClose(probe.clipHighThreshold * ones.length) || isClose(probe.clipHighThreshold)
    ? 'honoured'
    : 'ignored';
}
