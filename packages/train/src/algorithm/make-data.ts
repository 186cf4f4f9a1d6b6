import type { Datum } from '../backend/backend.ts';
import type { Conversation } from '../glossary.ts';
import { actionScales, type Aggregation } from './action-scales.ts';
import type { ScoredGroup } from './scored-group.ts';

export interface MakeDataOptions {
  aggregation: Aggregation;
  /** `answer`: only the conversation that gives the answer is trained on, and only its actions are counted. */
  advantageOn: 'all' | 'answer';
  /** Temperature that the actions were sampled at. */
  temperature: number;
}

/** A conversation as data of the loss; `conversation` finds it again. */
export interface ConversationDatum<Observation> extends Datum<Observation> {
  conversation: Conversation<Observation>;
}

/**
 * The data of one optimiser step: each conversation of each rollout with its rollout's advantage and its share
 * of the loss. In the order of groups, rollouts and conversations; conversations without actions are left out.
 */
export function makeData<Observation>(
  groups: readonly ScoredGroup<Observation>[],
  { aggregation, advantageOn, temperature }: MakeDataOptions,
): ConversationDatum<Observation>[] {
  const rollouts = groups.flatMap(({ group, advantages }) =>
    group.rollouts.map(({ conversations }, index) => ({
      advantage: advantages[index] ?? 0,
      conversations: conversations.filter(({ isAnswer }) => advantageOn === 'all' || isAnswer),
    })),
  );
  const scales = actionScales(
    rollouts.map(({ conversations }) => conversations.map(({ actions }) => actions.length)),
    aggregation,
  );
  return rollouts.flatMap(({ advantage, conversations }, rollout) =>
    conversations
      .map((conversation, index) => ({
        conversation,
        observation: conversation.observation,
        actions: conversation.actions,
        logprobs: conversation.logprobs,
        temperature,
        advantage,
        scale: scales[rollout]?.[index] ?? 0,
      }))
      .filter(({ actions }) => actions.length > 0),
  );
}
