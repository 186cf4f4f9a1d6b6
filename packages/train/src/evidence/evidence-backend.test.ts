import { runNetwork } from '@memagent/core/evidence';
import { expect, test } from 'vitest';
import { backendContract } from '../backend/backend.contract.ts';
import { createEvidenceBackend } from './evidence-backend.ts';
import { createGradient } from './evidence-tensors.ts';
import { makePickBatch, shapeFor } from './pick-batch.ts';
import { createPickGradient } from './pick-gradient.ts';
import { sampleObservations, sampleSketch } from './sample-observations.ts';
import { scorePicks } from './sample-picks.ts';

const create = async () => createEvidenceBackend({ seed: 7, sketch: sampleSketch, version: 'test' });

backendContract('The evidence backend', { create, observations: sampleObservations, maxActions: 5 });

test("jax-js gives every action the log-probability of core's forward pass", async () => {
  const { tensors, close } = await create();
  const pickGradient = createPickGradient();
  let compared = 0;
  for (const observation of sampleObservations) {
    const { state, logits } = runNetwork(observation, tensors);
    const before: number[] = [];
    while (state.hasOpen()) {
      const open = [...logits().keys()].filter(
        (action) => action === observation.candidates.length || state.isOpen(action),
      );
      for (const action of open) {
        const actions = [...before, action];
        const { logprobs } = scorePicks({ observation, actions, temperature: 0.8 }, tensors);
        const datum = {
          observation,
          actions,
          gradients: actions.map((_, index) => (index === before.length ? 1 : 0)),
          temperature: 0.8,
        };
        const batch = makePickBatch([datum], { rows: 1, ...shapeFor(datum) });
        const found = await pickGradient.add(batch, tensors, createGradient());
        expect(found).toBeCloseTo(logprobs.at(-1) ?? Number.NaN, 4);
        compared++;
      }
      const next = open[0] ?? 0;
      state.take(next);
      before.push(next);
    }
  }
  expect(compared).toBeGreaterThan(20);
  pickGradient.close();
  await close();
});

test('a checkpoint of another sketch is refused', async () => {
  const { mkdtemp, rm } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const folder = await mkdtemp(`${tmpdir()}/memagent-evidence-`);
  const backend = await create();
  await backend.save(folder);
  const other = createEvidenceBackend({
    seed: 7,
    sketch: sampleSketch.map((code) => code ^ 1),
    version: 'test',
  });
  await expect(other.load(folder)).rejects.toMatchObject({
    code: 'bad-checkpoint',
    message: expect.stringContaining('other paragraphs'),
  });
  await rm(folder, { recursive: true });
});
