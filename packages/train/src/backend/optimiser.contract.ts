/** The optimiser's step. */
import { describe, expect, test } from 'vitest';
import type { BackendFixture } from './backend.contract.ts';
import { adam, clipped, type ContractKit, largestDifference, plainStep } from './contract-kit.contract.ts';
import type { AdamStep } from './backend.ts';

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
