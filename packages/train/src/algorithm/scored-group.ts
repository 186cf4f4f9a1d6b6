import type { Group } from '../glossary.ts';
import { groupAdvantages, hasSignal } from './group-advantages.ts';
import { totalReward } from './total-reward.ts';

/** A group with what it teaches. */
export interface ScoredGroup<Observation> {
  group: Group<Observation>;
  /** A_i, by rollout. */
  advantages: readonly number[];
  /** Whether its rewards differ. */
  hasSignal: boolean;
}

/** Takes the advantages of a group's rollouts. */
export function scoreGroup<Observation>(
  group: Group<Observation>,
  options: { stdDivision: boolean },
): ScoredGroup<Observation> {
  const rewards = group.rollouts.map(({ reward }) => totalReward(reward));
  return { group, advantages: groupAdvantages(rewards, options), hasSignal: hasSignal(rewards) };
}
