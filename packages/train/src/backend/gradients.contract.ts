/** The gradients that a backend accumulates. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BackendFixture } from './backend.contract.ts';
import { decodeSafetensors, encodeSafetensors } from '../checkpoint/safetensors.ts';
import {
  adam,
  clipped,
  type ContractKit,
  defaultTolerance,
  largestDifference,
  plainStep,
  withKl,
} from './contract-kit.contract.ts';
import type { Datum, Loss } from './backend.ts';

/** Declares the suite. */
export function gradientsContract<Observation>(
  fixture: BackendFixture<Observation>,
  kit: ContractKit<Observation>,
): void {
  const { create, saved, sampledData, expectedSums, weightsOf } = kit;
  const {
    tolerance = defaultTolerance,
    gradientTolerance = 0.03,
    hasWeights = true,
    temperatures = [1, 0.7],
  } = fixture;
  describe('gradients', () => {
    test.each([
      ['the clipped surrogate', clipped, 1],
      ['the clipped surrogate with a KL term', withKl, 1],
      ...temperatures
        .filter((temperature) => temperature !== 1)
        .map((temperature): [string, Loss, number] => [
          `the clipped surrogate at temperature ${temperature}`,
          clipped,
          temperature,
        ]),
      ['cross-entropy', { kind: 'cross-entropy' }, 1],
    ] satisfies [string, Loss, number][])(
      'sums up %s as the reference does',
      async (_, loss, temperature) => {
        const backend = await create();
        const data = await sampledData(backend, { temperature, hasReference: loss === withKl });
        const expected = await expectedSums(backend, data, loss);
        const { loss: found, actions, clipped: count, kl, drift } = await backend.forwardBackward(data, loss);
        expect({ actions, clipped: count }).toEqual({
          actions: expected.actions,
          clipped: expected.clipped,
        });
        expect(
          largestDifference([[found, kl, drift]], [[expected.loss, expected.kl, expected.drift]]),
        ).toBeLessThan(tolerance * 10);
      },
    );

    test('are the same in any split and order of calls', async () => {
      const [whole, split] = [await create(), await create()];
      const data = await sampledData(whole);
      await whole.forwardBackward(data, clipped);
      for (const datum of data.toReversed().slice(0, 4)) await split.forwardBackward([datum], clipped);
      await split.forwardBackward(data.slice(0, 2), clipped);
      const [a, b] = [await whole.optimStep(plainStep), await split.optimStep(plainStep)];
      expect(a.gradientNorm).toBeGreaterThan(0);
      expect(Math.abs(b.gradientNorm / a.gradientNorm - 1)).toBeLessThan(1e-3);
      const [after, afterSplit] = [await whole.logprobs(data), await split.logprobs(data)];
      expect(largestDifference(after, afterSplit)).toBeLessThan(tolerance * 10);
    });

    test('are zero where the clip takes them away, on both sides, and only there', async () => {
      const backend = await create();
      const data = await sampledData(backend);
      const logprobs = await backend.logprobs(data);
      /** Data whose ratio is exp(shift) for every action. */
      const shifted = (shift: number, advantage: number): Datum<Observation>[] =>
        data.map((datum, index) => ({
          ...datum,
          advantage,
          logprobs: (logprobs[index] as readonly number[]).map((logprob) => logprob - shift),
        }));
      for (const [shift, advantage, share] of [
        [0.5, 1, 1],
        [-0.5, -1, 1],
        [0.5, -1, 0],
        [-0.5, 1, 0],
      ] as const) {
        const done = await backend.forwardBackward(shifted(shift, advantage), clipped);
        expect(done.clipped / done.actions).toBe(share);
        const { gradientNorm } = await backend.optimStep({ ...plainStep, learningRate: 1e-9 });
        expect(gradientNorm === 0).toBe(share === 1);
      }
    });

    test('pull towards the reference when only the KL term is left', async () => {
      const backend = await create();
      const data = (await sampledData(backend, { hasReference: true })).map((datum) => ({
        ...datum,
        advantage: 0,
      }));
      const kl = async () => (await expectedSums(backend, data, withKl)).kl;
      const before = await kl();
      const steps = 5;
      for (let step = 0; step < steps; step += 1) {
        await backend.forwardBackward(data, withKl);
        await backend.optimStep({ ...adam, learningRate: 1e-3 });
      }
      expect(await kl()).toBeLessThan(before);
    });

    test('of cross-entropy make the actions likelier', async () => {
      const backend = await create();
      const data = (await sampledData(backend)).map((datum) => ({ ...datum, advantage: 1 }));
      const sum = async () => (await backend.logprobs(data)).flat().reduce((total, one) => total + one, 0);
      const before = await sum();
      for (let step = 0; step < 5; step += 1) {
        await backend.forwardBackward(data, { kind: 'cross-entropy' });
        await backend.optimStep({ ...adam, learningRate: 1e-3 });
      }
      expect(await sum()).toBeGreaterThan(before);
    });

    test.runIf(hasWeights)('equal finite differences of the loss through logprobs', async () => {
      const backend = await create();
      const data = await sampledData(backend, { temperature: 0.9, hasReference: true });
      const start = await weightsOf(backend);
      await backend.forwardBackward(data, withKl);
      await backend.optimStep(plainStep);
      const stepped = await weightsOf(backend);

      const other = await create();
      const folder = await saved(other);
      const lossWith = async (tensor: string, index: number, change: number): Promise<number> => {
        const file = decodeSafetensors(await readFile(join(folder, 'model.safetensors')), 'the model');
        const numbers = file.tensors[tensor]!.data;
        const before = numbers[index]!;
        numbers[index] = before + change;
        await writeFile(join(folder, 'model.safetensors'), encodeSafetensors(file));
        await other.load(folder);
        numbers[index] = before;
        await writeFile(join(folder, 'model.safetensors'), encodeSafetensors(file));
        return (await expectedSums(other, data, withKl)).loss;
      };

      const gradients = Object.entries(start).map(([tensor, { data: numbers }]) => ({
        tensor,
        gradient: Array.from(numbers, (weight, index) => weight - stepped[tensor]!.data[index]!),
      }));
      const largest = gradients
        .flatMap(({ gradient }) => gradient)
        .reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(largest).toBeGreaterThan(0);
      for (const { tensor, gradient } of gradients) {
        // The largest components, and some others.
        const order = [...gradient.keys()].toSorted(
          (a, b) => Math.abs(gradient[b]!) - Math.abs(gradient[a]!),
        );
        for (const index of new Set([...order.slice(0, 2), order[order.length >> 1]!, order.at(-1)!])) {
          const h = 0.01;
          const slope = ((await lossWith(tensor, index, h)) - (await lossWith(tensor, index, -h))) / (2 * h);
          expect(
            Math.abs(gradient[index]! - slope),
            `${tensor}[${index}]: gradient ${gradient[index]}, finite difference ${slope}`,
          ).toBeLessThan(gradientTolerance * (Math.abs(slope) + 0.1 * largest));
        }
      }
    });
  });
}
