import { z } from 'zod';

/**
 * All that a run needs to go on, beside the engine's own state. There is no random state in it: every draw is
 * named by the run's seed and its place (sample position, rollout, conversation).
 */
export const trainerStateSchema = z.strictObject({
  /** Batches done, warm-up included. */
  step: z.int().nonnegative(),
  /** Optimiser steps done. */
  optimSteps: z.int().nonnegative(),
  /** Samples drawn so far: the position of the next one. */
  samplePosition: z.int().nonnegative(),
  /** Time that all sessions of the run took together. */
  elapsedMs: z.number().nonnegative(),
});

/** See {@link trainerStateSchema}. */
export type TrainerState = z.output<typeof trainerStateSchema>;

/** The state before the first batch. */
export const initialTrainerState: TrainerState = Object.freeze({
  step: 0,
  optimSteps: 0,
  samplePosition: 0,
  elapsedMs: 0,
});
