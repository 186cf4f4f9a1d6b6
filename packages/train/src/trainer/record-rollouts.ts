import type { ScoredGroup } from '../algorithm/scored-group.ts';
import type { Conversation } from '../glossary.ts';
import type { Policy } from '../policy/policy.ts';
import type { ConversationRecord, RolloutRecord } from './rollout-record.ts';

/** The rollouts of a batch's first `groups` groups as people read them. */
export function recordRollouts<Observation>(
  step: number,
  { drawn, kept }: { drawn: readonly ScoredGroup<Observation>[]; kept: readonly ScoredGroup<Observation>[] },
  policy: Pick<Policy<Observation>, 'describe'>,
  groups: number,
): RolloutRecord[] {
  return drawn.slice(0, groups).flatMap((scored, group) =>
    scored.group.rollouts.map((rollout, index) => ({
      step,
      group,
      rollout: index,
      sampleId: scored.group.sample.id,
      question: scored.group.sample.question,
      answers: scored.group.sample.answers,
      answer: rollout.answer,
      memory: rollout.memory,
      reward: rollout.reward,
      advantage: scored.advantages[index] ?? 0,
      kept: kept.includes(scored),
      conversations: rollout.conversations.map((one) => recordConversation(one, policy)),
    })),
  );
}

function recordConversation<Observation>(
  conversation: Conversation<Observation>,
  policy: Pick<Policy<Observation>, 'describe'>,
): ConversationRecord {
  return {
    step: conversation.step,
    isAnswer: conversation.isAnswer,
    ...policy.describe(conversation),
    actions: conversation.actions.length,
    logprob: conversation.logprobs.reduce((sum, logprob) => sum + logprob, 0),
  };
}
