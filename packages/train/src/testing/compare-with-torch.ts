/**
 * How far the tiny model's engine is from PyTorch and transformers, by the values that
 * `packages/train/scripts/torch-parity.py` wrote down: logits by the cache that sampling uses, and losses and
 * gradients by the way that training takes.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Datum, ForwardBackward, Loss, TrainingBackend } from '../backend/backend.ts';
import { readSafetensors } from '../checkpoint/safetensors.ts';
import { createEngine, type Engine } from '../tiny/engine.ts';
import { packRows } from '../tiny/pack-rows.ts';
import type { TinyObservation } from '../tiny/sample-batch.ts';
import { createTinyBackend } from '../tiny/tiny-backend.ts';
import type { TinyConfig } from '../tiny/tiny-config.ts';
import { readOptimizer, readTinyConfig, readTinyWeights, writeTinyModel } from '../tiny/tiny-files.ts';
import { tensorShapes, type Tensors } from '../tiny/tensors.ts';

/** Largest differences: absolute, or relative to what PyTorch has. */
export interface TorchDifferences {
  versions: Record<string, string>;
  logits: number;
  logprobs: number;
  /** Relative: of the two losses, and of the sums of KL, drift and entropy. */
  lossesRelative: number;
  gradients: number;
  /** Relative to the greatest entry of its tensor. */
  gradientsRelative: number;
  /** Actions that the clip took the gradient from: ours, and PyTorch's. */
  clipped: [ours: number, theirs: number];
}

interface Expected {
  versions: Record<string, string>;
  loss: Loss;
  data: Datum<number[]>[];
  /** By conversation: `[actions, vocabulary]`, and `[actions]`. */
  logits: number[][][];
  logprobs: number[][];
  surrogate: Omit<ForwardBackward, 'actions'>;
  crossEntropy: { loss: number };
}

/** Computes what the folder's `expected.json` and `gradients.safetensors` hold, and compares. */
export async function compareWithTorch(folder: string): Promise<TorchDifferences> {
  const expected: Expected = JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8'));
  const { tensors } = await readSafetensors(join(folder, 'gradients.safetensors'));
  const config = await readTinyConfig(folder);
  const weights = await readTinyWeights(folder, config);

  const engine = createEngine(config, weights);
  const logits = expected.data.map((datum) => decodeLogits(engine, datum));
  engine.close();

  const backend = await createLoadedBackend(config, weights);
  try {
    const logprobs = await backend.logprobs(expected.data);
    const surrogate = await gradientOf(backend, config, expected.data, expected.loss);
    const crossEntropy = await gradientOf(backend, config, expected.data, { kind: 'cross-entropy' });
    const gradients = [
      ...gradientDifferences(surrogate.gradient, 'clipped-surrogate.', tensors),
      ...gradientDifferences(crossEntropy.gradient, 'cross-entropy.', tensors),
    ];
    const { clipped, ...sums } = expected.surrogate;
    return {
      versions: expected.versions,
      logits: largest(logits.flat(2), expected.logits.flat(2)),
      logprobs: largest(logprobs.flat(), expected.logprobs.flat()),
      lossesRelative: Math.max(
        ...Object.entries(sums).map(([name, value]) =>
          relativeTo(value, surrogate.sums[name as keyof ForwardBackward]),
        ),
        relativeTo(expected.crossEntropy.loss, crossEntropy.sums.loss),
      ),
      gradients: Math.max(...gradients.map(({ absolute }) => absolute)),
      gradientsRelative: Math.max(...gradients.map(({ relative }) => relative)),
      clipped: [surrogate.sums.clipped, clipped],
    };
  } finally {
    await backend.close();
  }
}

/** The logits that each action is chosen from: the first from the prompt, the others from the cache. */
function decodeLogits(engine: Engine, { observation, actions }: Datum<number[]>): number[][] {
  const prompts = engine.readPrompts(packRows([{ prompt: observation, actions: [] }], 1));
  const decoding = prompts.keep(Int32Array.of(0), actions.length);
  const logits = [Array.from(prompts.logits)];
  for (const [index, action] of actions.slice(0, -1).entries()) {
    logits.push(Array.from(decoding.next(Int32Array.of(action), index)));
  }
  decoding.close();
  prompts.close();
  return logits;
}

async function createLoadedBackend(
  config: TinyConfig,
  weights: Tensors,
): Promise<TrainingBackend<TinyObservation>> {
  const backend = createTinyBackend({ config, seed: 0 });
  await inFolder(async (folder) => {
    await writeTinyModel(folder, config, weights, { steps: 0, first: zeros(config), second: zeros(config) });
    await backend.load(folder);
  });
  return backend;
}

/** The accumulated gradient, read from the optimiser: with beta1 = 0 and nothing clipped it is the first moment. */
async function gradientOf(
  backend: TrainingBackend<TinyObservation>,
  config: TinyConfig,
  data: readonly Datum<TinyObservation>[],
  loss: Loss,
): Promise<{ sums: ForwardBackward; gradient: Tensors }> {
  const sums = await backend.forwardBackward(data, loss);
  await backend.optimStep({
    learningRate: 0,
    beta1: 0,
    beta2: 0.9,
    epsilon: 1e-8,
    weightDecay: 0,
    clipNorm: 1e9,
  });
  const gradient = await inFolder(async (folder) => {
    await backend.save(folder);
    return (await readOptimizer(join(folder, 'optimizer.safetensors'), config)).first;
  });
  return { sums, gradient };
}

function gradientDifferences(
  ours: Tensors,
  prefix: string,
  theirs: Readonly<Record<string, { data: Float32Array | Int32Array }>>,
): { absolute: number; relative: number }[] {
  return Object.entries(ours).map(([name, { data }]) => {
    const other = theirs[prefix + name]?.data ?? new Float32Array();
    const absolute = largest(data, other);
    return { absolute, relative: absolute / Math.max(...other.map(Math.abs)) };
  });
}

function relativeTo(theirs: number, ours: number): number {
  return Math.abs(ours / theirs - 1);
}

/** NaN where the lengths differ. */
function largest(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  if (ours.length !== theirs.length) return Number.NaN;
  return Array.from(ours).reduce((most, value, index) => Math.max(most, Math.abs(value - theirs[index]!)), 0);
}

function zeros(config: TinyConfig): Tensors {
  return Object.fromEntries(
    Object.entries(tensorShapes(config)).map(([name, shape]) => [
      name,
      { shape, data: new Float32Array(shape.reduce((product, size) => product * size, 1)) },
    ]),
  );
}

async function inFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'memagent-torch-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
