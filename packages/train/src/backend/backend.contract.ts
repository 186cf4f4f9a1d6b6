/** What every training backend must do. Each implementation's test calls `backendContract` with its fixture. */
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { actionLoss } from '../algorithm/action-loss.ts';
import { decodeSafetensors, encodeSafetensors } from '../checkpoint/safetensors.ts';
import type {
  AdamStep,
  Datum,
  Loss,
  SampledActions,
  SampleRequest,
  TakenActions,
  TrainingBackend,
} from './backend.ts';

export interface BackendFixture<Observation> {
  /** A new engine; every one begins with the same weights. */
  create(): Promise<TrainingBackend<Observation>>;
  /** Three or more that differ, of different sizes where sizes can differ. */
  observations: readonly Observation[];
  /** Bound on a conversation's actions; a few conversations should end before it. */
  maxActions: number;
  /** Largest difference of two log-probabilities that should be equal. Default 1e-4, for 32-bit arithmetic. */
  tolerance?: number;
  /** Largest relative difference of a gradient's component from the finite difference. Default 0.03. */
  gradientTolerance?: number;
  /**
   * Whether `save` writes all weights to `model.safetensors` and `load` takes changed ones: then gradients are held
   * against finite differences and the optimiser's step against AdamW. Default true.
   */
  hasWeights?: boolean;
}

const clipped: Loss = { kind: 'clipped-surrogate', clipLow: 0.2, clipHigh: 0.28, klWeight: 0 };
const withKl: Loss = { ...clipped, klWeight: 0.1 };
const adam: AdamStep = {
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  clipNorm: 1e9,
};
/** With an epsilon far above the gradient, the first step of Adam is the gradient itself: w - g. */
const plainStep: AdamStep = { ...adam, learningRate: 1e6, epsilon: 1e6 };

/** Declares the suite. */
export function backendContract<Observation>(name: string, fixture: BackendFixture<Observation>): void {
  const { observations, maxActions, tolerance = 1e-4, gradientTolerance = 0.03, hasWeights = true } = fixture;
  const opened: TrainingBackend<Observation>[] = [];
  const folders: string[] = [];

  async function create(): Promise<TrainingBackend<Observation>> {
    const backend = await fixture.create();
    opened.push(backend);
    return backend;
  }
  async function emptyFolder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'memagent-backend-'));
    folders.push(folder);
    return folder;
  }
  async function saved(backend: TrainingBackend<Observation>): Promise<string> {
    const folder = await emptyFolder();
    await backend.save(folder);
    return folder;
  }
  const requests = (
    count: number,
    change: Partial<SampleRequest<Observation>> = {},
  ): SampleRequest<Observation>[] =>
    Array.from({ length: count }, (_, index) => ({
      observation: observations[index % observations.length] as Observation,
      maxActions,
      temperature: 1,
      topP: 1,
      seed: 1000 + index,
      ...change,
    }));
  const sampleAll = (backend: TrainingBackend<Observation>, all: readonly SampleRequest<Observation>[]) =>
    Promise.all(all.map((request) => backend.sample(request)));

  /** What was sampled, as data to be scored. */
  const taken = (
    asked: readonly SampleRequest<Observation>[],
    drawn: readonly SampledActions[],
  ): TakenActions<Observation>[] =>
    asked.map(({ observation, temperature }, index) => ({
      observation,
      temperature,
      actions: drawn[index]!.actions,
    }));

  /**
   * Conversations sampled by the backend, with advantages of both signs and unequal scales. They are off the policy:
   * within the clip range on some actions, outside of it on others.
   */
  async function sampledData(
    backend: TrainingBackend<Observation>,
    { temperature = 1, hasReference = false } = {},
  ): Promise<Datum<Observation>[]> {
    const asked = requests(6, { temperature });
    const drawn = await sampleAll(backend, asked);
    return taken(asked, drawn).map((datum, index) => {
      const { logprobs } = drawn[index]!;
      return {
        ...datum,
        logprobs: logprobs.map((logprob, at) => logprob + [0, 0.1, -0.1, 0.6, -0.6][(index + at) % 5]!),
        ...(hasReference && {
          referenceLogprobs: logprobs.map((logprob, at) => logprob + [0.2, -0.3][at % 2]!),
        }),
        advantage: [1, -0.5, 0.25, -1][index % 4]!,
        scale: [0.1, 0.05, 0.2][index % 3]!,
      };
    });
  }
  /** The sums that `forwardBackward` should give, from the present log-probabilities alone. */
  async function expectedSums(
    backend: TrainingBackend<Observation>,
    data: readonly Datum<Observation>[],
    loss: Loss,
  ) {
    const logprobs = await backend.logprobs(data);
    const losses = data.flatMap((datum, index) =>
      (logprobs[index] as readonly number[]).map((logprob, at) =>
        actionLoss(
          {
            logprob,
            oldLogprob: datum.logprobs[at] as number,
            referenceLogprob: datum.referenceLogprobs?.[at],
            advantage: datum.advantage,
            scale: datum.scale,
          },
          loss,
        ),
      ),
    );
    const sum = (of: (one: (typeof losses)[number]) => number): number =>
      losses.reduce((total, one) => total + of(one), 0);
    return {
      loss: sum((one) => one.loss),
      actions: losses.length,
      clipped: sum((one) => (one.isClipped ? 1 : 0)),
      kl: sum((one) => one.kl),
      drift: sum((one) => one.drift),
    };
  }
  /** Two steps of training on what it samples itself. */
  async function train(backend: TrainingBackend<Observation>): Promise<void> {
    for (let step = 0; step < 2; step += 1) {
      await backend.forwardBackward(await sampledData(backend), clipped);
      await backend.optimStep(adam);
    }
  }

  async function weightsOf(backend: TrainingBackend<Observation>) {
    return decodeSafetensors(await readFile(join(await saved(backend), 'model.safetensors')), 'the model')
      .tensors;
  }

  describe(`${name} as a training backend`, () => {
    afterEach(async () => {
      for (const backend of opened.splice(0)) await backend.close();
    });
    afterAll(async () => {
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    });

    describe('sampling', () => {
      test('gives the same actions for the same seed, and others for other seeds', async () => {
        const backend = await create();
        const [first, again] = [await sampleAll(backend, requests(4)), await sampleAll(backend, requests(4))];
        expect(again).toEqual(first);
        const observation = observations[0] as Observation;
        const draws = await sampleAll(
          backend,
          requests(20).map((request) => ({ ...request, observation })),
        );
        expect(new Set(draws.map(({ actions }) => actions.join())).size).toBeGreaterThan(1);
      });

      test('does not depend on what is sampled at the same time, or in which order', async () => {
        const backend = await create();
        const asked = requests(9);
        const together = await sampleAll(backend, asked);
        const reversed = (await sampleAll(backend, asked.toReversed())).toReversed();
        expect(reversed).toEqual(together);
        for (const [index, request] of asked.entries()) {
          expect(await backend.sample(request)).toEqual(together[index]);
        }
      });

      test.each([1, 0.7])(
        'at temperature %d tells the log-probabilities that logprobs gives',
        async (temperature) => {
          const backend = await create();
          const asked = requests(6, { temperature });
          const drawn = await sampleAll(backend, asked);
          const known = await backend.logprobs(taken(asked, drawn));
          expect(
            largestDifference(
              known,
              drawn.map(({ logprobs }) => logprobs),
            ),
          ).toBeLessThan(tolerance);
        },
      );

      test('draws each action as often as its probability says', async () => {
        const backend = await create();
        const count = 600;
        const drawn = await sampleAll(
          backend,
          requests(count, { maxActions: 1, observation: observations[0] as Observation }),
        );
        const seen = new Map<number, { times: number; p: number }>();
        for (const { actions, logprobs } of drawn) {
          const action = actions[0] as number;
          const { times } = seen.get(action) ?? { times: 0 };
          seen.set(action, { times: times + 1, p: Math.exp(logprobs[0] as number) });
        }
        // What is likely enough to be seen often; four standard errors.
        for (const { times, p } of [...seen.values()].filter((one) => one.p > 0.02)) {
          expect(Math.abs(times / count - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / count));
        }
        expect(seen.size).toBeGreaterThan(1);
      });

      test('takes the most likely actions at temperature 0, and under a small topP', async () => {
        const backend = await create();
        const greedy = await sampleAll(backend, requests(3, { temperature: 0 }));
        const others = await sampleAll(backend, requests(3, { temperature: 0, seed: 77 }));
        const narrow = await sampleAll(backend, requests(3, { topP: 1e-6 }));
        expect(others.map(({ actions }) => actions)).toEqual(greedy.map(({ actions }) => actions));
        expect(narrow.map(({ actions }) => actions)).toEqual(greedy.map(({ actions }) => actions));
      });

      test('tells the log-probabilities of the whole policy under topP', async () => {
        const backend = await create();
        const asked = requests(4, { topP: 0.6 });
        const drawn = await sampleAll(backend, asked);
        const known = await backend.logprobs(taken(asked, drawn));
        expect(
          largestDifference(
            known,
            drawn.map(({ logprobs }) => logprobs),
          ),
        ).toBeLessThan(tolerance);
      });

      test('takes no more than maxActions, and says whether it ended by itself', async () => {
        const backend = await create();
        const drawn = await sampleAll(backend, requests(12));
        for (const { actions } of drawn) {
          expect(actions.length).toBeGreaterThan(0);
          expect(actions.length).toBeLessThanOrEqual(maxActions);
        }
        const short = drawn.filter(({ actions }) => actions.length < maxActions);
        expect(short.map(({ finish }) => finish)).toEqual(short.map(() => 'end'));
      });

      test('tells an entropy that is not negative', async () => {
        const backend = await create();
        for (const { entropy } of await sampleAll(backend, requests(3)))
          expect(entropy).toBeGreaterThanOrEqual(0);
      });

      test('ends with the reason of an abort', async () => {
        const backend = await create();
        const reason = new Error('enough');
        const [request] = requests(1, { signal: AbortSignal.abort(reason) });
        await expect(backend.sample(request as SampleRequest<Observation>)).rejects.toBe(reason);
      });
    });

    describe('gradients', () => {
      test.each([
        ['the clipped surrogate', clipped, 1],
        ['the clipped surrogate with a KL term', withKl, 1],
        ['the clipped surrogate at temperature 0.7', clipped, 0.7],
        ['cross-entropy', { kind: 'cross-entropy' }, 1],
      ] satisfies [string, Loss, number][])(
        'sums up %s as the reference does',
        async (_, loss, temperature) => {
          const backend = await create();
          const data = await sampledData(backend, { temperature, hasReference: loss === withKl });
          const expected = await expectedSums(backend, data, loss);
          const {
            loss: found,
            actions,
            clipped: count,
            kl,
            drift,
          } = await backend.forwardBackward(data, loss);
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
        const largest = Math.max(...gradients.flatMap(({ gradient }) => gradient.map(Math.abs)));
        expect(largest).toBeGreaterThan(0);
        for (const { tensor, gradient } of gradients) {
          // The largest components, and some others.
          const order = [...gradient.keys()].toSorted(
            (a, b) => Math.abs(gradient[b]!) - Math.abs(gradient[a]!),
          );
          for (const index of new Set([...order.slice(0, 2), order[order.length >> 1]!, order.at(-1)!])) {
            const h = 0.01;
            const slope =
              ((await lossWith(tensor, index, h)) - (await lossWith(tensor, index, -h))) / (2 * h);
            expect(
              Math.abs(gradient[index]! - slope),
              `${tensor}[${index}]: gradient ${gradient[index]}, finite difference ${slope}`,
            ).toBeLessThan(gradientTolerance * (Math.abs(slope) + 0.1 * largest));
          }
        }
      });
    });

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
          weightDecay: 0.1,
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
          expect(largestDifference([Array.from(found[tensor]!.data)], [expected])).toBeLessThan(1e-4);
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

    describe('checkpoints', () => {
      test('go on bit for bit', async () => {
        const [straight, loaded] = [await create(), await create()];
        await train(straight);
        await loaded.load(await saved(straight));
        await train(straight);
        await train(loaded);
        expect(await sampleAll(loaded, requests(4))).toEqual(await sampleAll(straight, requests(4)));
        expect(await contentsOf(await saved(loaded))).toEqual(await contentsOf(await saved(straight)));
      });

      test('that are empty or cut short are refused, with nothing changed', async () => {
        const [backend, source] = [await create(), await create()];
        await train(backend);
        const data = await sampledData(backend);
        const before = await backend.logprobs(data);
        const refused = async (folder: string): Promise<void> => {
          await expect(backend.load(folder)).rejects.toMatchObject({ code: 'bad-checkpoint' });
          expect(await backend.logprobs(data)).toEqual(before);
        };
        await refused(await emptyFolder());
        const files = (await readdir(await saved(source))).filter((file) => file.endsWith('.safetensors'));
        for (const file of files) {
          const short = await saved(source);
          await truncate(join(short, file), 100);
          await refused(short);
          const missing = await saved(source);
          await rm(join(missing, file));
          await refused(missing);
        }
      });
    });
  });
}

/** The files of a folder by name, as text that differs where a byte differs. */
async function contentsOf(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder);
  const contents = names.map(async (name) => [name, await readFile(join(folder, name), 'base64')]);
  return Object.fromEntries(await Promise.all(contents));
}

/** Over all conversations; infinite where lengths differ or a number is NaN. */
function largestDifference(
  found: readonly (readonly number[])[],
  expected: readonly (readonly number[])[],
): number {
  const differences = expected.flatMap((numbers, row) =>
    numbers.map((value, column) => Math.abs(value - (found[row]?.[column] ?? Number.NaN))),
  );
  const isSameShape = found.flat().length === differences.length && !differences.some(Number.isNaN);
  return isSameShape ? Math.max(0, ...differences) : Infinity;
}
