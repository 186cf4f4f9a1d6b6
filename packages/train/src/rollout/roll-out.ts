/** One reading of a sample's document by the policy that is trained, with everything it did recorded. */
import { type ErrorCode, MemagentError } from '@memagent/core';
import { overlongPenalty } from '../algorithm/overlong-penalty.ts';
import { shapedRewards, type ShapedRewardName } from '../algorithm/shaped-rewards.ts';
import type { ActionSampler } from '../backend/backend.ts';
import type { Conversation, Rollout, Sample } from '../glossary.ts';
import type { Policy } from '../policy/policy.ts';
import type { RewardFunction, Workflow } from '../policy/workflow.ts';
import { findEngineLost } from '../backend/find-engine-lost.ts';
import { drawSeed } from './draw-seed.ts';

/** What rollouts are made and graded by. */
export interface RolloutRecipe<Observation> {
  policy: Policy<Observation>;
  /** Default: the policy's backend. */
  sampler?: ActionSampler<Observation>;
  workflow: Workflow;
  reward: RewardFunction;
  sampling: { temperature: number; topP: number };
  shaped: Readonly<Record<ShapedRewardName, number>>;
  overlong: { maxActions: number; rampActions: number; weight: number } | null;
}

/** A rollout, or why its run failed: a failure that is expected of one rollout among many is data. */
export type RolloutOutcome<Observation> =
  /** `tokens`: of the document that was read, and the actions sampled. */
  | { status: 'done'; rollout: Rollout<Observation>; tokens: number }
  | { status: 'failed'; error: MemagentError };

/**
 * Rolls out one sample once. `key` names the rollout's draws. Throws what no other rollout would get over either:
 * misuse, a bug, a policy that is not finite, the signal's reason.
 */
export async function rollOut<Observation>(
  recipe: RolloutRecipe<Observation>,
  sample: Sample,
  key: string,
  signal: AbortSignal,
): Promise<RolloutOutcome<Observation>> {
  const { policy, sampler, workflow, reward, sampling } = recipe;
  const conversations: Conversation<Observation>[] = [];
  const reader = policy.createReader({
    ...sampling,
    ...(sampler ? { sampler } : {}),
    seed: drawSeed(key),
    record: (conversation) => conversations.push(conversation),
  });
  try {
    const outcome = await workflow({ sample, reader, signal });
    const task = reward(outcome, sample);
    requireFinite(task, conversations, sample);
    return {
      status: 'done',
      rollout: {
        conversations,
        answer: outcome.result.answer,
        memory: outcome.result.memory,
        reward: {
          task,
          shaped: shapedRewards({ sample, events: outcome.events, conversations }, recipe.shaped),
          penalties: penaltiesOf(conversations, recipe.overlong),
        },
      },
      tokens: conversations.reduce((sum, { actions }) => sum + actions.length, outcome.result.tokens),
    };
  } catch (error) {
    signal.throwIfAborted();
    const lost = findEngineLost(error);
    if (lost) throw lost;
    if (error instanceof MemagentError && expectedFailures.has(error.code))
      return { status: 'failed', error };
    throw error;
  }
}

/** What happens to one run among many: an engine that is busy, a reply of no use, a limit. */
const expectedFailures: ReadonlySet<ErrorCode> = new Set([
  'model-failed',
  'output-exhausted',
  'limit-reached',
  'window-exceeded',
]);

function penaltiesOf(
  conversations: readonly Pick<Conversation<unknown>, 'actions'>[],
  overlong: RolloutRecipe<unknown>['overlong'],
): Record<string, number> {
  if (!overlong) return {};
  const lengths = conversations.map(({ actions }) => actions.length);
  return { overlong: overlong.weight * overlongPenalty(lengths, overlong) };
}

function requireFinite(task: number, conversations: readonly Conversation<unknown>[], sample: Sample): void {
  const broken = conversations.find(({ logprobs }) => !logprobs.every(Number.isFinite));
  if (Number.isFinite(task) && !broken) return;
  throw new MemagentError(
    broken
      ? `The policy gave a log-probability that is not finite in ${broken.step} of sample ${sample.id}: ${String(broken.logprobs.find((value) => !Number.isFinite(value)))}.`
      : `The reward of sample ${sample.id} is ${task}; a reward function must give a finite number.`,
    { code: 'not-finite', data: { sample: sample.id } },
  );
}
