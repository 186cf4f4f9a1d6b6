/** The optimiser steps of one batch: mini-batches of questions, as often as there are epochs. */
import { type ConversationDatum, makeData } from '../algorithm/make-data.ts';
import { miniBatches } from '../algorithm/mini-batches.ts';
import type { ScoredGroup } from '../algorithm/scored-group.ts';
import type { Datum, ForwardBackward, Loss, TrainingBackend } from '../backend/backend.ts';
import type { Conversation } from '../glossary.ts';
import { requireFinite } from './require-finite.ts';
import type { TrainingConfig } from './training-config.ts';

export interface UpdateOptions<Observation> {
  backend: TrainingBackend<Observation>;
  reference: TrainingBackend<Observation> | undefined;
  config: TrainingConfig;
  learningRate: number;
  /** Optimiser steps before this batch. */
  optimSteps: number;
  signal: AbortSignal;
}

export interface PolicyUpdate extends ForwardBackward {
  /** Sums over the optimiser steps, as the fields of {@link ForwardBackward} are over their actions. */
  gradientNorm: number;
  optimSteps: number;
  groupsStale: number;
  /** Groups by the number of optimiser steps that they lay behind the weights. */
  staleness: Record<number, number>;
}

/** Makes the optimiser steps. Throws `not-finite` before a weight is spoilt. */
export async function updatePolicy<Observation>(
  groups: readonly ScoredGroup<Observation>[],
  options: UpdateOptions<Observation>,
): Promise<PolicyUpdate> {
  const { config, signal } = options;
  const { clipLow, clipHigh, klWeight, aggregation } = config.loss;
  const loss: Loss = { kind: 'clipped-surrogate', clipLow, clipHigh, klWeight };
  const referenceLogprobs = await referenceLogprobsOf(groups, options);
  const sum = noUpdate();
  for (let epoch = 0; epoch < config.epochs; epoch += 1) {
    for (const batch of miniBatches(groups, config.miniBatchQuestions ?? config.questionsPerStep)) {
      signal.throwIfAborted();
      const version = options.optimSteps + sum.optimSteps;
      const stalenessOf = ({ group }: ScoredGroup<Observation>): number => version - group.policyVersion;
      for (const group of batch)
        sum.staleness[stalenessOf(group)] = (sum.staleness[stalenessOf(group)] ?? 0) + 1;
      const fresh = batch.filter((group) => stalenessOf(group) <= (config.maxStaleness ?? Infinity));
      sum.groupsStale += batch.length - fresh.length;
      const data = makeData(fresh, {
        aggregation,
        advantageOn: config.advantageOn,
        temperature: config.sampling.temperature,
      });
      if (data.length === 0) continue;
      await makeOptimStep(
        data.map((datum) => toDatum(datum, referenceLogprobs)),
        loss,
        options,
        sum,
      );
    }
  }
  return sum;
}

/** One optimiser step on one mini-batch; adds what it did to `sum`. */
export async function makeOptimStep<Observation>(
  data: readonly Datum<Observation>[],
  loss: Loss,
  { backend, config, learningRate }: Pick<UpdateOptions<Observation>, 'backend' | 'config' | 'learningRate'>,
  sum: PolicyUpdate,
): Promise<void> {
  const done = await backend.forwardBackward(data, loss);
  requireFinite('loss', done.loss);
  const { gradientNorm } = await backend.optimStep({ ...config.adam, learningRate });
  // An engine that does not tell it checks by itself.
  if (!Number.isNaN(gradientNorm)) requireFinite('gradient norm', gradientNorm);
  for (const key of ['loss', 'actions', 'clipped', 'kl', 'drift', 'entropy'] as const) sum[key] += done[key];
  sum.gradientNorm += gradientNorm;
  sum.optimSteps += 1;
}

/** An update of nothing, to add to. */
export function noUpdate(): PolicyUpdate {
  return {
    loss: 0,
    actions: 0,
    clipped: 0,
    kl: 0,
    drift: 0,
    entropy: 0,
    gradientNorm: 0,
    optimSteps: 0,
    groupsStale: 0,
    staleness: {},
  };
}

type ReferenceLogprobs = ReadonlyMap<Conversation<unknown>, readonly number[]>;

/** The reference is frozen: it is asked once for the whole batch. */
async function referenceLogprobsOf<Observation>(
  groups: readonly ScoredGroup<Observation>[],
  { reference, config }: UpdateOptions<Observation>,
): Promise<ReferenceLogprobs> {
  if (!reference || config.loss.klWeight === 0) return new Map();
  const { temperature } = config.sampling;
  const conversations = groups.flatMap(({ group }) =>
    group.rollouts.flatMap((rollout) => rollout.conversations),
  );
  const logprobs = await reference.logprobs(
    conversations.map(({ observation, actions }) => ({ observation, actions, temperature })),
  );
  return new Map(conversations.map((conversation, index) => [conversation, logprobs[index] ?? []]));
}

function toDatum<Observation>(
  { conversation, ...datum }: ConversationDatum<Observation>,
  reference: ReferenceLogprobs,
): Datum<Observation> {
  const referenceLogprobs = reference.get(conversation);
  return referenceLogprobs ? { ...datum, referenceLogprobs } : datum;
}
