import type { PreparedPreset, RemoteEngine, TrainingPreset } from '../presets/preset.ts';
import type { TrainingConfigInput } from '../trainer/training-config.ts';
import type { TinyRecipe } from './tiny-setup.ts';

/** The published recipe, but for its seed. */
export const tinyRecipe: Omit<TinyRecipe, 'seed'> = {
  tasks: ['needle', 'update'],
  hasGate: true,
  lengths: [
    { samples: 200, sections: 8 },
    { samples: Number.POSITIVE_INFINITY, sections: 32 },
  ],
  demonstrations: { size: 128, shortSteps: 300 },
};

/** The published configuration. */
export const tinyTraining: TrainingConfigInput = {
  steps: 40,
  questionsPerStep: 16,
  rolloutsPerQuestion: 8,
  miniBatchQuestions: 8,
  rolloutConcurrency: 128,
  dynamicSampling: { maxDraws: 2 },
  adam: { learningRate: 2e-4, beta2: 0.98 },
  warmUp: {
    steps: 1000,
    learningRate: 1e-3,
    schedule: { warmUpSteps: 50, kind: 'cosine', endFactor: 0.02 },
  },
  recordEverySteps: 10,
};

/** Trains the shipped tiny model: warm-up on one and two sections, then reinforcement learning on 8 and 32. */
export const tinyPreset: TrainingPreset = {
  name: 'tiny',
  summary:
    'a language model of 0.1M parameters reads documents of a small language; 41 minutes on a third of a core',
  config: tinyTraining,
  prepare: ({ config, engine }) => prepare({ ...tinyRecipe, seed: config.seed }, engine),
};

/** Words of a section of the smoke preset: those of the first part of warm-up. */
const smokeWords = 16;

/** The same on a smaller scale, to see that everything works: one task, 4 sections of 16 words. */
export const smokePreset: TrainingPreset = {
  name: 'smoke',
  summary: 'a short run of the tiny recipe, to see that everything works; under two minutes on two cores',
  config: {
    ...tinyTraining,
    steps: 20,
    questionsPerStep: 8,
    miniBatchQuestions: 8,
    rolloutConcurrency: 64,
    adam: { learningRate: 3e-4, beta2: 0.98 },
    warmUp: {
      steps: 240,
      learningRate: 1.5e-3,
      schedule: { warmUpSteps: 20, kind: 'linear', endFactor: 0.1 },
    },
    recordEverySteps: 1,
  },
  prepare: ({ config, engine }) =>
    prepare(
      {
        ...tinyRecipe,
        seed: config.seed,
        tasks: ['needle'],
        lengths: [{ samples: Number.POSITIVE_INFINITY, sections: 4 }],
        words: smokeWords,
        demonstrations: { size: 96, shortSteps: Number.POSITIVE_INFINITY },
      },
      engine,
    ),
};

/** The engine is loaded only now. */
async function prepare(recipe: TinyRecipe, engine?: RemoteEngine): Promise<PreparedPreset> {
  const { createTinySetup } = await import('./tiny-setup.ts');
  const { setup, close } = await createTinySetup(recipe, engine);
  return { setup: setup as PreparedPreset['setup'], close };
}
