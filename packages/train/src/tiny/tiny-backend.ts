/** The tiny language model as a training backend: sampling, gradients and AdamW in this process, by jax-js. */
import { join } from 'node:path';
import { MemagentError } from '@memagent/core';
import type { Loss, SampleRequest, SampledActions, TrainingBackend } from '../backend/backend.ts';
import { batchCalls } from './batch-calls.ts';
import { createEngine, type LossRows } from './engine.ts';
import { type MergedDatum, mergeData } from './merge-data.ts';
import { groupByShape, packRows, rowSizeFor, shapeOf } from './pack-rows.ts';
import { sampleBatch, type TinyObservation } from './sample-batch.ts';
import { initialTensors, type Tensors } from './tensors.ts';
import { defaultTinyConfig, type TinyConfig } from './tiny-config.ts';
import { readOptimizer, readTinyWeights, writeTinyModel } from './tiny-files.ts';

export interface TinyBackendOptions {
  /** Default: the published shape. */
  config?: TinyConfig;
  /** Names the weights to begin with. */
  seed: number;
  /** Weights to begin with, in place of those. */
  tensors?: Tensors;
}

/** Sizes of batches that are differentiated; larger ones are no faster. */
const gradientRows = [16, 64];

/** A backend with weights to begin with; `load` replaces them. */
export function createTinyBackend({
  config = defaultTinyConfig,
  seed,
  tensors = initialTensors(config, seed),
}: TinyBackendOptions): TrainingBackend<TinyObservation> {
  const engine = createEngine(config, tensors);
  const ends = new Set(config.eos_token_id);
  let trainedOn: Loss['kind'] | undefined;
  const calls = batchCalls<SampleRequest<TinyObservation>, SampledActions>((requests) =>
    sampleBatch(engine, ends, requests),
  );

  return {
    name: 'tiny',

    sample(request) {
      return calls.call(request, request.signal);
    },

    async logprobs(data) {
      const results: number[][] = data.map(() => []);
      for (const { datums, indices, rows, slots } of inBatches(data)) {
        const actions = new Int32Array(rows.rows * slots);
        const temperature = new Float32Array(rows.rows * slots).fill(1);
        datums.forEach((datum, row) => {
          actions.set(datum.actions, row * slots);
          temperature.fill(datum.temperature ?? 1, row * slots, (row + 1) * slots);
        });
        const scores = engine.logprobs(rows, actions, temperature);
        datums.forEach((datum, row) => {
          results[indices[row] as number] = Array.from(
            scores.subarray(row * slots, row * slots + datum.actions.length),
          );
        });
      }
      return results;
    },

    async forwardBackward(data, loss) {
      if (loss.kind !== trainedOn) engine.clearMoments();
      trainedOn = loss.kind;
      const total = { loss: 0, actions: 0, clipped: 0, kl: 0, drift: 0, entropy: 0 };
      for (const { datums, rows, slots } of inBatches(mergeData(data))) {
        const sums = engine.addGradient(rows, toLossRows(datums, rows.rows, slots), loss);
        total.loss += sums.loss;
        total.clipped += sums.clipped;
        total.kl += sums.kl;
        total.drift += sums.drift;
        total.entropy += sums.entropy;
        total.actions += datums.reduce((sum, { actions, count }) => sum + count * actions.length, 0);
      }
      return total;
    },

    async optimStep(adam) {
      const gradientNorm = engine.gradientNorm();
      if (!Number.isFinite(gradientNorm)) {
        engine.clearGradient();
        throw new MemagentError(
          `The gradient is not finite (norm ${gradientNorm}); the weights were not changed. Lower the learning rate, or go on from an earlier checkpoint.`,
          { code: 'not-finite', data: { gradientNorm } },
        );
      }
      engine.step(adam, Math.min(1, adam.clipNorm / (gradientNorm + 1e-6)));
      return { gradientNorm };
    },

    mean: {
      add: async () => engine.addToMean(),
      take: async () => engine.takeMean(),
    },

    async save(folder) {
      const loss = trainedOn === undefined ? {} : { loss: trainedOn };
      await writeTinyModel(folder, config, engine.weights(), { ...engine.optimizer(), ...loss });
    },

    async load(folder) {
      const weights = await readTinyWeights(folder, config);
      const optimizer = await readOptimizer(join(folder, 'optimizer.safetensors'), config);
      engine.restore(weights, optimizer);
      trainedOn = optimizer.loss;
    },

    async close() {
      calls.close(new DOMException('The tiny model was closed.', 'AbortError'));
      engine.close();
    },
  };
}

/** Batches of equal shapes; the last rows of a batch may be padding. */
function inBatches<Data extends { observation: TinyObservation; actions: readonly number[] }>(
  data: readonly Data[],
) {
  const contents = data.map(({ observation, actions }) => ({ prompt: observation, actions }));
  return groupByShape(contents, gradientRows).map((indices) => {
    const members = indices.map((index) => contents[index] as (typeof contents)[number]);
    const rows = packRows(members, rowSizeFor(members.length, gradientRows));
    return {
      indices,
      datums: indices.map((index) => data[index] as Data),
      rows,
      slots: shapeOf(members[0] as (typeof contents)[number]).actionSlots,
    };
  });
}

function toLossRows(datums: readonly MergedDatum[], rows: number, slots: number): LossRows {
  const floats = (fill = 0): Float32Array => new Float32Array(rows * slots).fill(fill);
  const data: LossRows = {
    actions: new Int32Array(rows * slots),
    counts: floats(),
    scale: floats(),
    advantage: floats(),
    temperature: floats(1),
    oldLogprobs: floats(),
    referenceLogprobs: floats(),
    hasReference: floats(),
  };
  for (const [row, datum] of datums.entries()) {
    const from = row * slots;
    const to = from + datum.actions.length;
    data.actions.set(datum.actions, from);
    data.counts.fill(datum.count, from, to);
    data.scale.fill(datum.scale, from, to);
    data.advantage.fill(datum.advantage, from, to);
    data.temperature.fill(datum.temperature ?? 1, from, from + slots);
    data.oldLogprobs.set(datum.logprobs, from);
    if (datum.referenceLogprobs) {
      data.referenceLogprobs.set(datum.referenceLogprobs, from);
      data.hasReference.fill(1, from, to);
    }
  }
  return data;
}
