/**
 * Everything that decides how a training run goes, apart from the policy and the samples themselves. Checked
 * once; what a preset does not say has the paper's value, or the smallest that works on a CPU.
 */
import { MemagentError } from '@memagent/core';
import { z } from 'zod';

const count = z.int().positive();
const price = z.number().nonnegative();
const fraction = z.number().min(0).max(1);

const schedule = z.strictObject({
  /** Batches over which the learning rate rises from 0. */
  warmUpSteps: z.int().nonnegative().default(0),
  /** What it does after that, until the phase's last batch; `linear` and `cosine` end at `endFactor` of it. */
  kind: z.enum(['constant', 'linear', 'cosine']).default('constant'),
  endFactor: fraction.default(0),
});

/** The schema of a configuration. Counts are of questions, rollouts and batches; times are milliseconds. */
export const trainingConfigSchema = z.strictObject({
  /** Names every draw of the run: samples, rollouts, the order of warm-up data. */
  seed: z.int().nonnegative().default(42),
  /** Batches of Multi-Conv DAPO, each sampled with one set of weights; supervised ones not counted. */
  steps: z.int().nonnegative().default(100),
  questionsPerStep: count.default(16),
  /** G, the size of a group. */
  rolloutsPerQuestion: z.int().min(2).default(8),
  /** Questions that one optimiser step consumes; default: the whole batch in one. */
  miniBatchQuestions: count.optional(),
  /** How often a batch is gone through. */
  epochs: count.default(1),
  /**
   * Batches that are sampled while earlier ones are trained on. 0: sampling and training take turns. Default: 1 for
   * an engine elsewhere, 0 here, where both would share the processor.
   */
  batchesAhead: z.int().nonnegative().optional(),
  /** Optimiser steps that a group may lie behind the weights. Sampling runs no further ahead; older groups are dropped, and counted. Default: any number. */
  maxStaleness: z.int().nonnegative().optional(),

  loss: z
    .strictObject({
      clipLow: z.number().gt(0).max(1).default(0.2),
      clipHigh: z.number().gt(0).default(0.28),
      /** Weight of the k3 divergence from the reference, the policy as it is when this phase begins; 0: none. */
      klWeight: z.number().nonnegative().default(0),
      /** How the actions' losses become one, see `action-scales.ts`. */
      aggregation: z.enum(['token-mean', 'sequence-mean', 'conversation-mean']).default('token-mean'),
    })
    .prefault({}),
  /** Divide advantages by their group's standard deviation (GRPO). */
  stdDivision: z.boolean().default(false),
  /** Which conversations of a rollout get its advantage; the others are not trained on. */
  advantageOn: z.enum(['all', 'answer']).default('all'),
  /**
   * Groups of equal rewards are dropped and others drawn, until at most `maxDraws` times `questionsPerStep`
   * groups were drawn; the step then trains on what it has. 1 drops without drawing again; null keeps all groups.
   */
  dynamicSampling: z
    .strictObject({ maxDraws: count.default(4) })
    .nullable()
    .prefault({}),

  adam: z
    .strictObject({
      learningRate: z.number().positive().default(2e-4),
      beta1: fraction.default(0.9),
      beta2: fraction.default(0.999),
      epsilon: z.number().positive().default(1e-8),
      weightDecay: z.number().nonnegative().default(0),
      clipNorm: z.number().positive().default(1),
    })
    .prefault({}),
  schedule: schedule.prefault({}),

  sampling: z
    .strictObject({
      temperature: z.number().positive().default(1),
      topP: z.number().gt(0).max(1).default(1),
    })
    .prefault({}),
  /** Rollouts in flight at once: what an engine can sample as one batch. */
  rolloutConcurrency: count.default(64),

  /** The supervised phase before the first batch; none by default. Needs `demonstrationsAt` of the setup. */
  warmUp: z
    .strictObject({
      steps: z.int().nonnegative().default(0),
      learningRate: z.number().positive().default(2e-3),
      schedule: schedule.prefault({}),
      /**
       * The phase ends with the mean of the weights after step `from` and every `every` steps later (stochastic
       * weight averaging, Izmailov et al. 2018), in engines that can; default: with those of its last step.
       */
      average: z.strictObject({ from: count, every: count }).nullable().default(null),
    })
    .prefault({}),

  /** DAPO's soft penalty on long output; off by default. */
  overlong: z
    .strictObject({
      /** Sampled actions of a conversation from which on the penalty is whole. */
      maxActions: count,
      /** The penalty rises linearly over the last so many. */
      rampActions: count,
      weight: z.number().positive().default(1),
    })
    .refine(({ maxActions, rampActions }) => rampActions <= maxActions, {
      path: ['rampActions'],
      message: 'must not be more than maxActions',
    })
    .nullable()
    .default(null),
  /** Weights of the shaped rewards, see `shaped-rewards.ts`; all 0 by default. */
  shaped: z
    .strictObject({
      evidence: z.number().nonnegative().default(0),
      length: z.number().nonnegative().default(0),
      gate: z.number().nonnegative().default(0),
    })
    .prefault({}),

  /** Money per million tokens of an engine elsewhere, by what they are billed as. Default: not known. */
  tokenPrices: z.strictObject({ prompt: price, sampled: price, scored: price, trained: price }).optional(),

  /** A checkpoint is written after so many batches, or after so much time, whichever comes first; and at the end. */
  checkpointEverySteps: count.default(50),
  checkpointEveryMs: count.default(5 * 60_000),
  /** The newest ones that are kept. */
  keepCheckpoints: count.default(3),
  /** Rollouts are kept for reading every so many batches, from the first; 0: never. */
  recordEverySteps: z.int().nonnegative().default(1),
  /** Groups of a recorded batch whose rollouts are kept: the first so many. */
  recordGroups: count.default(4),
});

/** A configuration before defaults, as presets and people write it. */
export type TrainingConfigInput = z.input<typeof trainingConfigSchema>;

/** A checked configuration. */
export type TrainingConfig = z.output<typeof trainingConfigSchema>;

/** Checks a configuration and fills in defaults. Throws `invalid-option` saying what is wrong where. */
export function checkTrainingConfig(input: TrainingConfigInput): TrainingConfig {
  const { data, error } = trainingConfigSchema.safeParse(input);
  if (data) return data;
  throw new MemagentError(`Training configuration: ${z.prettifyError(error)}`, {
    code: 'invalid-option',
    data: { option: 'config' },
  });
}
