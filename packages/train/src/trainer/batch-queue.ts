/**
 * The batches of a run, in the order of their steps. Where sampling runs ahead, the next ones are sampled while the
 * engine trains on this one: batch n with the weights that the step `ahead` before its own begins with, however long
 * anything takes, so that a run that goes on draws what an uninterrupted one does. They are drawn one after another,
 * because a batch begins at the sample at which the one before it ended. Example, one batch ahead:
 *
 *     trains on      |  1  |  2  |  3  |
 *     samples    1   |  2  |  3  |  4  |
 *     with       w0  | w0  | w1  | w2  |      w2: the weights after step 2
 */
import { MemagentError } from '@memagent/core';
import type { ActionSampler } from '../backend/backend.ts';
import { createAgentWorkflow } from '../rollout/agent-workflow.ts';
import { metricReward } from '../rollout/metric-reward.ts';
import type { RolloutRecipe } from '../rollout/roll-out.ts';
import type { BatchStore } from './batch-store.ts';
import { drawBatch, type DrawnBatch } from './draw-batch.ts';
import type { TrainingConfig } from './training-config.ts';
import type { TrainingSetup } from './training-setup.ts';

export interface BatchQueue<Observation> {
  /** The batch of a step. Those of the steps after it are begun with the weights as they are. */
  next(place: BatchPlace): Promise<DrawnBatch<Observation>>;
  /** Waits until every batch that was begun is drawn, and kept where there is a store. Rejects with what went wrong. */
  settled(): Promise<void>;
  /** Ends the rollouts under way. */
  close(): Promise<void>;
}

/** Where the run is as a step begins. */
export interface BatchPlace {
  /** Counts from 1, warm-up included. */
  step: number;
  /** Position of the step's first sample. */
  position: number;
  /** Optimiser steps that the weights have made. */
  policyVersion: number;
}

export interface BatchQueueOptions<Observation> {
  setup: TrainingSetup<Observation>;
  config: TrainingConfig;
  /** Keeps batches, and gives back those that were drawn before. Default: none are kept. */
  batches?: BatchStore<Observation> | undefined;
  signal: AbortSignal;
}

/** Makes it. Throws `invalid-option` where the engine cannot sample ahead and the configuration asks for it. */
export function createBatchQueue<Observation>({
  setup,
  config,
  batches,
  signal,
}: BatchQueueOptions<Observation>): BatchQueue<Observation> {
  const { policy, sampleAt } = setup;
  const ahead = batchesAhead(setup, config);
  const lastStep = config.warmUp.steps + config.steps;
  const recipe = rolloutRecipe(setup, config);
  const controller = new AbortController();
  const stop = AbortSignal.any([signal, controller.signal]);
  /** From the next one that is asked for on. */
  const begun: Promise<DrawnBatch<Observation>>[] = [];
  let end: Promise<number> | undefined;

  async function draw(
    { step, position, policyVersion }: BatchPlace,
    sampler: ActionSampler<Observation> | undefined,
  ): Promise<DrawnBatch<Observation>> {
    const known = await batches?.read(step, { sampleAt, position, config });
    if (known) return known;
    const batch = await drawBatch({
      recipe: sampler ? { ...recipe, sampler } : recipe,
      config,
      sampleAt,
      position,
      policyVersion,
      signal: stop,
    });
    await batches?.write(step, batch);
    return batch;
  }

  return {
    async next({ step, position, policyVersion }) {
      const last = Math.min(step + ahead, lastStep);
      let at = step + begun.length;
      const sampler = ahead > 0 && at <= last ? policy.backend.snapshot?.() : undefined;
      for (; at <= last; at += 1) {
        const place = { step: at, policyVersion };
        const first = end ?? Promise.resolve(position);
        const batch = first.then((from) => draw({ ...place, position: from }, sampler));
        end = Promise.all([first, batch]).then(([from, { drawn }]) => from + drawn.length);
        // What goes wrong is told to those who ask for the batch.
        end.catch(() => {});
        begun.push(batch);
      }
      return begun.shift() as Promise<DrawnBatch<Observation>>;
    },

    async settled() {
      await Promise.all(begun);
    },

    async close() {
      controller.abort();
      await Promise.allSettled(begun);
    },
  };
}

/**
 * How many batches sampling runs ahead: what the configuration says, or one where the engine is elsewhere; but no
 * more than `maxStaleness` allows, so that nothing is sampled that would be too old when its turn comes. Throws
 * `invalid-option` where the engine cannot.
 */
export function batchesAhead<Observation>(
  { policy: { backend }, keepsBatches = false }: TrainingSetup<Observation>,
  config: TrainingConfig,
): number {
  const asked = config.batchesAhead ?? (keepsBatches && backend.snapshot ? 1 : 0);
  if (asked > 0 && !backend.snapshot) {
    throw new MemagentError(
      `batchesAhead is ${asked}, but the engine ${backend.name} samples and trains in turns. Set batchesAhead to 0.`,
      { code: 'invalid-option', data: { option: 'batchesAhead', received: asked } },
    );
  }
  const { maxStaleness, questionsPerStep, miniBatchQuestions = questionsPerStep, epochs } = config;
  if (maxStaleness === undefined) return asked;
  const stepsOfBatch = epochs * Math.ceil(questionsPerStep / miniBatchQuestions);
  // The last mini-batch is so many optimiser steps behind: ahead * stepsOfBatch + stepsOfBatch - 1.
  return Math.max(0, Math.min(asked, Math.floor((maxStaleness + 1) / stepsOfBatch) - 1));
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
