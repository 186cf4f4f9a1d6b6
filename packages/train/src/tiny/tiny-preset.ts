import { fileURLToPath } from 'node:url';
import type { PreparedPreset, RemoteEngine, TrainingPreset } from '../presets/preset.ts';
import type { TrainingConfigInput } from '../trainer/training-config.ts';
import type { TinyRecipe } from './tiny-setup.ts';

/** The published recipe, but for its seed. */
export const tinyRecipe: Omit<TinyRecipe, 'seed'> = {
  tasks: ['needle', 'update'],
  hasGate: true,
  lengths: [{ samples: Number.POSITIVE_INFINITY, sections: 32 }],
  distractors: 12,
  demonstrations: { size: 128, shortSteps: 200, distractors: 12 },
};

/**
 * The published configuration. Rollouts are drawn at a temperature of 2: after its warm-up the model is wrong once in
 * many thousand sections, and what is nearly wrong at the temperature of use is wrong now and then at a higher one.
 */
export const tinyTraining: TrainingConfigInput = {
  steps: 30,
  questionsPerStep: 16,
  rolloutsPerQuestion: 8,
  miniBatchQuestions: 16,
  rolloutConcurrency: 128,
  dynamicSampling: { maxDraws: 1 },
  adam: { learningRate: 1e-5, beta2: 0.98 },
  sampling: { temperature: 2 },
  warmUp: {
    steps: 2000,
    learningRate: 1e-3,
    schedule: { warmUpSteps: 50, kind: 'cosine', endFactor: 0.02 },
    average: { from: 1200, every: 100 },
  },
  recordEverySteps: 10,
};

/** Trains the shipped tiny model: warm-up on one and two sections, then reinforcement learning on 32. */
export const tinyPreset: TrainingPreset = {
  name: 'tiny',
  summary: 'a language model of 0.1M parameters reads documents of a small language; ten minutes on a core',
  config: tinyTraining,
  prepare: ({ config, engine }) => prepare({ ...tinyRecipe, seed: config.seed }, engine),
};

/**
 * What the smoke preset changes of the recipe: one task, 8 sections of 16 words, and demonstrations by a reader that
 * cannot tell which facts are asked for.
 */
export const smokeRecipe: Omit<TinyRecipe, 'seed'> = {
  ...tinyRecipe,
  tasks: ['needle'],
  lengths: [{ samples: Number.POSITIVE_INFINITY, sections: 8 }],
  words: 16,
  distractors: 3,
  demonstrations: { size: 96, shortSteps: Number.POSITIVE_INFINITY, undecided: true },
};

/** A model that imitates that reader: it takes another fact as often as it keeps its memory. */
const undecidedModel = fileURLToPath(new URL('../../checkpoints/undecided', import.meta.url));

/** Reinforcement learning alone, in a minute: a model that cannot decide what to keep finds out from its rewards. */
export const smokePreset: TrainingPreset = {
  name: 'smoke',
  summary:
    'a small model that takes any fact for an answer finds out by reward which to leave alone; a minute on two cores',
  config: {
    ...tinyTraining,
    steps: 14,
    adam: { learningRate: 1e-4, beta2: 0.98 },
    sampling: { temperature: 1 },
    warmUp: { steps: 0 },
    recordEverySteps: 1,
  },
  prepare: ({ config, engine }) =>
    prepare({ ...smokeRecipe, seed: config.seed, ...(engine ? {} : { weights: undecidedModel }) }, engine),
};

/** The engine is loaded only now. */
async function prepare(recipe: TinyRecipe, engine?: RemoteEngine): Promise<PreparedPreset> {
  const { createTinySetup } = await import('./tiny-setup.ts');
  const { setup, close } = await createTinySetup(recipe, engine);
  return { setup: setup as PreparedPreset['setup'], close };
}
