/** The same data gives the same loss and the same gradient here and through a server. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { actionScales, type Aggregation } from '../algorithm/action-scales.ts';
import type { Datum, Loss } from '../backend/backend.ts';
import { clipped, plainStep, withKl } from '../backend/contract-kit.contract.ts';
import { decodeSafetensors } from '../checkpoint/safetensors.ts';
import { leastTinyConfig } from '../tiny/sample-config.ts';
import { initialTensors } from '../tiny/tensors.ts';
import { createTinyBackend } from '../tiny/tiny-backend.ts';
import { type LocalTinker, openLocalTinker } from './local-tinker.ts';
import { readSavedState } from './saved-state.ts';
import { createTinkerBackend, type TinkerBackendOptions } from './tinker-backend.ts';
import type { TokenObservation } from './token-data.ts';

const baseModel = 'memagent/least';
let folder: string;
let local: LocalTinker;
let data: Datum<TokenObservation>[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memagent-tinker-'));
  const weights = initialTensors(leastTinyConfig, 3);
  local = openLocalTinker({ folder, baseModels: { [baseModel]: { config: leastTinyConfig, weights } } });
  data = await sampledData('token-mean');
});
afterAll(async () => {
  local.close();
  await rm(folder, { recursive: true });
});

const observations = [[4, 5, 6, 7, 8], [9, 4, 12, 4, 23, 22, 21, 20], [5]];

/** Two rollouts of three conversations each, off the policy by up to 0.6, with a reference. */
async function sampledData(aggregation: Aggregation): Promise<Datum<TokenObservation>[]> {
  const backend = createTinyBackend({ config: leastTinyConfig, seed: 3 });
  const drawn = await Promise.all(
    [0, 1, 2, 3, 4, 5].map((index) =>
      backend.sample({
        observation: observations[index % 3] as number[],
        maxActions: 6,
        temperature: 1,
        topP: 1,
        seed: 1000 + index,
      }),
    ),
  );
  await backend.close();
  const counts = drawn.map(({ actions }) => actions.length);
  const scales = actionScales([counts.slice(0, 3), counts.slice(3)], aggregation).flat();
  return drawn.map(({ actions, logprobs }, index) => ({
    observation: observations[index % 3] as number[],
    actions,
    logprobs: logprobs.map((one, at) => one + [0, 0.1, -0.1, 0.6, -0.6][(index + at) % 5]!),
    referenceLogprobs: logprobs.map((one, at) => one + [0.2, -0.3][at % 2]!),
    advantage: index < 3 ? 0.75 : -0.5,
    scale: scales[index] as number,
  }));
}

async function tensorsIn(at: string): Promise<number[]> {
  const { tensors } = decodeSafetensors(await readFile(join(at, 'model.safetensors')), 'the model');
  return Object.keys(tensors)
    .toSorted()
    .flatMap((name) => Array.from(tensors[name]!.data));
}

/** The weights after the step w - g, where g is the gradient. */
async function embeddedStep(loss: Loss, given: readonly Datum<TokenObservation>[]) {
  const backend = createTinyBackend({ config: leastTinyConfig, seed: 3 });
  const sums = await backend.forwardBackward(given, loss);
  await backend.optimStep(plainStep);
  const at = await mkdtemp(join(folder, 'embedded-'));
  await backend.save(at);
  await backend.close();
  return { sums, weights: await tensorsIn(at) };
}

async function remoteStep(
  loss: Loss,
  given: readonly Datum<TokenObservation>[],
  options: Partial<TinkerBackendOptions> = {},
) {
  const backend = await createTinkerBackend({ client: local.connect(), baseModel, lora: 'full', ...options });
  const sums = await backend.forwardBackward(given, loss);
  await backend.optimStep(plainStep);
  const at = await mkdtemp(join(folder, 'remote-'));
  await backend.save(at);
  const { statePath } = await readSavedState(at);
  await backend.close();
  return { sums, weights: await tensorsIn(join(folder, statePath.replace('tinker://', ''))) };
}

const start = async () => {
  const backend = createTinyBackend({ config: leastTinyConfig, seed: 3 });
  const at = await mkdtemp(join(folder, 'start-'));
  await backend.save(at);
  await backend.close();
  return tensorsIn(at);
};

test.each([
  ['by the engine', clipped, 'token-mean', {}],
  ['by the engine, sent as JSON', clipped, 'token-mean', { json: true }],
  ['here', clipped, 'token-mean', { surrogate: 'client' }],
  ['with the exact KL term', withKl, 'token-mean', {}],
  ['as the mean of sequences', clipped, 'sequence-mean', {}],
  ['as the mean of conversations', clipped, 'conversation-mean', {}],
] as const)('the clipped surrogate computed %s is the embedded one', async (_, loss, aggregation, how) => {
  const given = aggregation === 'token-mean' ? data : await sampledData(aggregation);
  const { json, ...options } = { json: false, ...how };
  const client = local.connect(json ? { wireFormat: 'json' } : {});
  const [weights, embedded, remote] = [
    await start(),
    await embeddedStep(loss, given),
    await remoteStep(loss, given, { client, ...options }),
  ];
  expect(embedded.sums.clipped).toBeGreaterThan(0);
  expect(remote.sums.loss).toBeCloseTo(embedded.sums.loss, 5);
  expect(remote.sums.kl).toBeCloseTo(embedded.sums.kl, 4);
  expect(remote.sums).toMatchObject({ actions: embedded.sums.actions, clipped: embedded.sums.clipped });
  const gradient = weights.map((weight, index) => weight - embedded.weights[index]!);
  const found = weights.map((weight, index) => weight - remote.weights[index]!);
  expect(dot(gradient, gradient)).toBeGreaterThan(0);
  expect(dot(gradient, found) / Math.sqrt(dot(gradient, gradient) * dot(found, found))).toBeGreaterThan(
    0.99999,
  );
  expect(dot(found, found) / dot(gradient, gradient)).toBeCloseTo(1, 3);
});

test('KL in the advantage is what its name says: not the exact term', async () => {
  const exact = await remoteStep(withKl, data);
  const approximate = await remoteStep(withKl, data, { kl: 'in-advantage' });
  const plain = await remoteStep(clipped, data);
  expect(approximate.weights).not.toEqual(exact.weights);
  expect(approximate.weights).not.toEqual(plain.weights);
});

test('an engine that ignores the clip thresholds is told of, and the loss is computed here', async () => {
  const notices: string[] = [];
  const deaf: typeof fetch = async (input, init) => {
    const body = typeof init?.body === 'string' ? init.body : undefined;
    const changed = body?.replace(/,?"loss_fn_config":\{[^}]*\}/, '');
    return local.fetch(input, changed === undefined ? init : { ...init, body: changed });
  };
  const remote = await remoteStep(clipped, data, {
    client: local.connect({ fetch: deaf, wireFormat: 'json' }),
    onNotice: (message) => notices.push(message),
  });
  expect(notices).toEqual([expect.stringContaining('asked for ratios from 0.8 to 1.28, the server used')]);
  expect(remote.weights).toEqual((await remoteStep(clipped, data, { surrogate: 'client' })).weights);
});

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}
