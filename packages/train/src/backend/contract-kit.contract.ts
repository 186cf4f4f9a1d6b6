/** What the suites of the backend contract share: engines that are closed again, data sampled by them, comparisons. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { datumLosses, sumLosses } from '../algorithm/datum-losses.ts';
import { decodeSafetensors, type Safetensors } from '../checkpoint/safetensors.ts';
import type { BackendFixture } from './backend.contract.ts';
import type {
  ActionSampler,
  AdamStep,
  Datum,
  ForwardBackward,
  Loss,
  SampledActions,
  SampleRequest,
  TakenActions,
  TrainingBackend,
} from './backend.ts';

export const clipped: Loss = { kind: 'clipped-surrogate', clipLow: 0.2, clipHigh: 0.28, klWeight: 0 };
export const withKl: Loss = { ...clipped, klWeight: 0.1 };
export const adam: AdamStep = {
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  clipNorm: 1e9,
};
/** With an epsilon far above the gradient, the first step of Adam is the gradient itself: w - g. */
export const plainStep: AdamStep = { ...adam, learningRate: 1e6, epsilon: 1e6 };

/** Of log-probabilities in 32-bit arithmetic. */
export const defaultTolerance = 1e-4;

export type ContractKit<Observation> = ReturnType<typeof createContractKit<Observation>>;

/** The kit for one fixture. */
export function createContractKit<Observation>({
  create: createBackend,
  observations,
  maxActions,
}: BackendFixture<Observation>) {
  const opened: TrainingBackend<Observation>[] = [];
  const folders: string[] = [];

  async function create(): Promise<TrainingBackend<Observation>> {
    const backend = await createBackend();
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
  const sampleAll = (backend: ActionSampler<Observation>, all: readonly SampleRequest<Observation>[]) =>
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
  ): Promise<Omit<ForwardBackward, 'entropy'>> {
    const logprobs = await backend.logprobs(data);
    return sumLosses(
      data.flatMap((datum, index) => datumLosses(datum, logprobs[index] as readonly number[], loss)),
    );
  }
  /** Two steps of training on what it samples itself. */
  async function train(backend: TrainingBackend<Observation>): Promise<void> {
    for (let step = 0; step < 2; step += 1) {
      await backend.forwardBackward(await sampledData(backend), clipped);
      await backend.optimStep(adam);
    }
  }

  /** The floats: a tensor of integers is a table that is kept with the weights, not trained. */
  async function weightsOf(backend: TrainingBackend<Observation>): Promise<Safetensors['tensors']> {
    const bytes = await readFile(join(await saved(backend), 'model.safetensors'));
    const { tensors } = decodeSafetensors(bytes, 'the model');
    return Object.fromEntries(Object.entries(tensors).filter(([, { dtype }]) => dtype === 'F32'));
  }

  return {
    create,
    emptyFolder,
    saved,
    requests,
    sampleAll,
    taken,
    sampledData,
    expectedSums,
    train,
    weightsOf,
    async closeBackends(): Promise<void> {
      for (const backend of opened.splice(0)) await backend.close();
    },
    async removeFolders(): Promise<void> {
      for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The files of a folder by name, as text that differs where a byte differs. */
export async function contentsOf(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder);
  const contents = names.map(async (name) => [name, await readFile(join(folder, name), 'base64')]);
  return Object.fromEntries(await Promise.all(contents));
}

/** Over all conversations; infinite where lengths differ or a number is NaN. */
export function largestDifference(
  found: readonly (readonly number[])[],
  expected: readonly (readonly number[])[],
): number {
  const differences = expected.flatMap((numbers, row) =>
    numbers.map((value, column) => Math.abs(value - (found[row]?.[column] ?? Number.NaN))),
  );
  const isSameShape = found.flat().length === differences.length && !differences.some(Number.isNaN);
  return isSameShape ? differences.reduce((a, b) => Math.max(a, b), 0) : Infinity;
}
