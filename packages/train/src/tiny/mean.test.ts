import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { leastTinyConfig as config } from './sample-config.ts';
import type { Tensors } from './tensors.ts';
import { createTinyBackend } from './tiny-backend.ts';
import { readTinyWeights } from './tiny-files.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memagent-mean-'));
});
afterAll(() => rm(folder, { recursive: true }));

const adam = { learningRate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0, clipNorm: 1 };
const datum = { observation: [4, 5, 6], actions: [7, 1], logprobs: [0, 0], advantage: 1, scale: 0.5 };

type Backend = ReturnType<typeof createTinyBackend>;

async function step(backend: Backend): Promise<void> {
  await backend.forwardBackward([datum], { kind: 'cross-entropy' });
  await backend.optimStep(adam);
}

async function weightsOf(backend: Backend): Promise<Tensors> {
  const own = await mkdtemp(join(folder, 'weights-'));
  await backend.save(own);
  return readTinyWeights(own, config);
}

test('the mean of the weights at two moments becomes the weights, also when a checkpoint lies between', async () => {
  const backend = createTinyBackend({ config, seed: 3 });
  await step(backend);
  const first = await weightsOf(backend);
  await backend.mean?.add();
  await step(backend);
  const between = await mkdtemp(join(folder, 'between-'));
  await backend.save(between);

  const resumed = createTinyBackend({ config, seed: 4 });
  await resumed.load(between);
  const means: Tensors[] = [];
  for (const one of [backend, resumed]) {
    await step(one);
    const last = await weightsOf(one);
    await one.mean?.add();
    await one.mean?.take();
    const mean = await weightsOf(one);
    for (const [name, { data }] of Object.entries(mean)) {
      const halves = Array.from(
        data,
        (_, at) => ((first[name]?.data[at] ?? 0) + (last[name]?.data[at] ?? 0)) / 2,
      );
      for (const [at, value] of data.entries()) expect(value).toBeCloseTo(halves[at] ?? 0, 6);
    }
    means.push(mean);
    await one.mean?.take();
    expect(await weightsOf(one), 'a mean that was taken is gone').toEqual(mean);
  }
  expect(means[1]).toEqual(means[0]);
  await backend.close();
  await resumed.close();
});
