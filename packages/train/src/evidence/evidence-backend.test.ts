import { runNetwork } from '@memagent/core/evidence';
import { expect, test } from 'vitest';
import { backendContract } from '../backend/backend.contract.ts';
import { createEvidenceBackend } from './evidence-backend.ts';
import { createGradient } from './evidence-tensors.ts';
import { addPickGradient } from './pick-gradient.ts';
import { sampleObservations, sampleSketch } from './sample-observations.ts';
import { scorePicks } from './sample-picks.ts';

// With these weights, no unit of the network is so near to zero that a finite difference goes past its kink.
const create = async () => createEvidenceBackend({ seed: 3, sketch: sampleSketch, version: 'test' });

backendContract('The evidence backend', { create, observations: sampleObservations, maxActions: 5 });

test("the gradient's forward half gives every action the log-probability of core's forward pass", async () => {
  const { tensors } = await create();
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
        const gradients = actions.map((_, index) => (index === before.length ? 1 : 0));
        const datum = { observation, actions, gradients, temperature: 0.8 };
        expect(addPickGradient(datum, tensors, createGradient())).toBeCloseTo(
          logprobs.at(-1) ?? Number.NaN,
          4,
        );
        compared++;
      }
      const next = open[0] ?? 0;
      state.take(next);
      before.push(next);
    }
  }
  expect(compared).toBeGreaterThan(20);
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
