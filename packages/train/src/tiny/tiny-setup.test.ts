import { expect, test } from 'vitest';
import type { StepMetrics } from '../trainer/metrics.ts';
import { train } from '../trainer/train.ts';
import { checkTrainingConfig } from '../trainer/training-config.ts';
import { smallTinyConfig } from './sample-config.ts';
import { smokePreset, tinyPreset, tinyRecipe } from './tiny-preset.ts';
import { createTinySetup, firstEvaluationSeed } from './tiny-setup.ts';

test('the recipe trains: warm-up makes the demonstrations likelier, and rollouts of the agent are learnt from', async () => {
  const { setup, close } = await createTinySetup({
    ...tinyRecipe,
    config: smallTinyConfig,
    seed: 3,
    tasks: ['needle'],
    lengths: [{ samples: Number.POSITIVE_INFINITY, sections: 2 }],
    demonstrations: { size: 16, shortSteps: 8 },
  });
  const config = checkTrainingConfig({
    seed: 3,
    steps: 1,
    questionsPerStep: 2,
    rolloutsPerQuestion: 2,
    dynamicSampling: null,
    // Part of the reward, so that the two rollouts of a group differ.
    shaped: { length: 1 },
    warmUp: { steps: 8, learningRate: 0.01 },
  });
  const metrics: StepMetrics[] = [];
  for await (const event of train({ setup, config })) {
    if (event.type === 'step-end') metrics.push(event.metrics);
  }
  await close();
  expect(metrics.map(({ phase }) => phase)).toEqual([...Array.from({ length: 8 }, () => 'warm-up'), 'rl']);
  expect(metrics[7]?.reward).toBeGreaterThan(2 * (metrics[0]?.reward ?? 1));
  expect(metrics[8]).toMatchObject({ rollouts: 4, conversations: 12, rolloutsFailed: 0 });
  expect(metrics[8]?.gradientNorm).toBeGreaterThan(0);
}, 120_000);

test('documents of training have the lengths of the recipe, and seeds below those of evaluation', async () => {
  const { setup, close } = await createTinySetup({
    ...tinyRecipe,
    seed: 42,
    lengths: [
      { samples: 2, sections: 8 },
      { samples: 1, sections: 16 },
      { samples: Number.POSITIVE_INFINITY, sections: 64 },
    ],
  });
  const items = await Promise.all([0, 1, 2, 3, 100].map((position) => setup.sampleAt(position)));
  expect(items.map(({ meta }) => meta['sections'])).toEqual([8, 8, 16, 64, 64]);
  for (const { meta } of items) expect(meta['seed']).toBeLessThan(firstEvaluationSeed);
  await close();
});

test.each([tinyPreset, smokePreset])('the configuration of preset $name is one', ({ config }) => {
  expect(checkTrainingConfig(config).steps).toBeGreaterThan(0);
});

test('the smoke preset learns by reinforcement alone', async () => {
  const config = checkTrainingConfig({ ...smokePreset.config, steps: 8, seed: 3 });
  const { setup, close } = await smokePreset.prepare({ config });
  const rewards: number[] = [];
  for await (const event of train({ setup, config })) {
    if (event.type === 'step-end') rewards.push(event.metrics.reward);
  }
  await close();
  expect(mean(rewards.slice(-3))).toBeGreaterThan(mean(rewards.slice(0, 2)) + 0.1);
}, 300_000);

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}
