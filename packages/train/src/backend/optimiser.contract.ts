/** The optimiser's step. */
import { describe, expect, test } from 'vitest';
import type { BackendFixture } from './backend.contract.ts';
import { adam, clipped, type ContractKit, largestDifference, plainStep } from './contract-kit.contract.ts';
import type { AdamStep, Loss } from './backend.ts';

/** Declares the suite. */
export function optimiserContract<Observation>(
  fixture: BackendFixture<Observation>,
  kit: ContractKit<Observation>,
): void {
  const { create, sampledData, weightsOf } = kit;
  const { hasWeights = true } = fixture;
  describe('the optimiser', () => {
    test('clears the gradient with its step', async () => {
      const backend = await create();
      await backend.forwardBackward(await sampledData(backend), clipped);
      await backend.optimStep(adam);
      expect((await backend.optimStep(adam)).gradientNorm).toBe(0);
    });

    test.runIf(hasWeights)('makes the step of AdamW, with decay and a clipped norm', async () => {
      const [plain, other] = [await create(), await create()];
      const data = await sampledData(plain);
      const start = await weightsOf(plain);
      await plain.forwardBackward(data, clipped);
      const { gradientNorm } = await plain.optimStep(plainStep);
      const stepped = await weightsOf(plain);
      await other.forwardBackward(data, clipped);
      // An epsilon as large as the gradients, so that clipping shows.
      const step: AdamStep = {
        ...adam,
        weightDecay: 1,
        clipNorm: gradientNorm / 2,
        epsilon: gradientNorm / 4,
      };
      expect((await other.optimStep(step)).gradientNorm).toBeCloseTo(gradientNorm, 3);
      const found = await weightsOf(other);
      for (const [tensor, { data: numbers }] of Object.entries(start)) {
        const expected = Array.from(numbers, (weight, index) => {
          const gradient = (weight - stepped[tensor]!.data[index]!) / 2;
          const direction = gradient / (Math.abs(gradient) + step.epsilon);
          return weight - step.learningRate * (direction + step.weightDecay * weight);
        });
        expect(largestDifference([Array.from(found[tensor]!.data)], [expected])).toBeLessThan(1e-5);
      }
    });

    test.runIf(hasWeights)('begins anew with its moments when the kind of the loss changes', async () => {
      const backend = await create();
      const data = await sampledData(backend);
      /** By how much of the learning rate each weight changed, of those that did. */
      const stepOn = async (loss: Loss): Promise<number[]> => {
        const before = await weightsOf(backend);
        await backend.forwardBackward(data, loss);
        await backend.optimStep(adam);
        const after = await weightsOf(backend);
        return Object.entries(before)
          .flatMap(([tensor, { data: numbers }]) =>
            Array.from(
              numbers,
              (weight, at) => Math.abs(weight - after[tensor]!.data[at]!) / adam.learningRate,
            ),
          )
          .filter((change) => change > 1e-3);
      };
      // A first step of Adam is the learning rate, whatever the gradient.
      const first = [await stepOn({ kind: 'cross-entropy' })];
      for (let step = 0; step < 3; step += 1) await stepOn({ kind: 'cross-entropy' });
      first.push(await stepOn(clipped));
      for (const changes of first) expect(middle(changes)).toBeCloseTo(1, 2);
      expect(Math.max(...first.flat())).toBeLessThan(1.01);
      // A second one of the same kind is not.
      expect(Math.min(...(await stepOn(clipped)))).toBeLessThan(0.95);
    });

    test('rejects a gradient that is not finite, with nothing changed, and goes on', async () => {
      const backend = await create();
      const data = await sampledData(backend);
      const before = await backend.logprobs(data);
      await backend.forwardBackward(
        data.map((datum) => ({ ...datum, scale: Number.NaN })),
        clipped,
      );
      await expect(backend.optimStep(adam)).rejects.toMatchObject({ code: 'not-finite' });
      expect(await backend.logprobs(data)).toEqual(before);
      await backend.forwardBackward(data, clipped);
      await backend.optimStep(adam);
      expect((await backend.logprobs(data)).flat().every(Number.isFinite)).toBe(true);
    });
  });
}

function middle(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
}
