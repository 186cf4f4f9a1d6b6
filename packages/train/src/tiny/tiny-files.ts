/** The model's folder: the layout in which Hugging Face's libraries publish a model, and the optimiser's state. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '@memagent/core';
import type { Loss } from '../backend/backend.ts';
import { badCheckpoint } from '../checkpoint/bad-checkpoint.ts';
import { type NamedTensor, readSafetensors, writeSafetensors } from '../checkpoint/safetensors.ts';
import { writeDurably } from '../checkpoint/write-durably.ts';
import type { OptimizerState } from './engine.ts';
import { tensorShapes, type Tensors } from './tensors.ts';
import { parseTinyConfig, type TinyConfig } from './tiny-config.ts';
import { tokenizerConfigJson, tokenizerJson } from './tiny-tokenizer.ts';

const lossKinds: readonly Loss['kind'][] = ['cross-entropy', 'clipped-surrogate'];

/** Writes `model.safetensors`, `config.json` and the tokenizer; `optimizer.safetensors` where there is a state. */
export async function writeTinyModel(
  folder: string,
  config: TinyConfig,
  weights: Tensors,
  optimizer?: OptimizerState,
): Promise<void> {
  await writeSafetensors(join(folder, 'model.safetensors'), {
    tensors: named(weights, ''),
    metadata: { format: 'pt' },
  });
  const generation = { eos_token_id: config.eos_token_id, pad_token_id: config['pad_token_id'] };
  await writeJson(join(folder, 'config.json'), config);
  await writeJson(join(folder, 'generation_config.json'), generation);
  await writeJson(join(folder, 'tokenizer.json'), tokenizerJson);
  await writeJson(join(folder, 'tokenizer_config.json'), tokenizerConfigJson);
  if (!optimizer) return;
  await writeSafetensors(join(folder, 'optimizer.safetensors'), {
    tensors: {
      ...named(optimizer.first, 'first.'),
      ...named(optimizer.second, 'second.'),
      ...(optimizer.mean ? named(optimizer.mean.sum, 'mean.') : {}),
    },
    metadata: {
      steps: String(optimizer.steps),
      ...(optimizer.loss ? { loss: optimizer.loss } : {}),
      ...(optimizer.mean ? { meanOf: String(optimizer.mean.count) } : {}),
    },
  });
}

/** The shape of the model in a folder. Throws `bad-checkpoint`. */
export async function readTinyConfig(folder: string): Promise<TinyConfig> {
  const path = join(folder, 'config.json');
  try {
    return parseTinyConfig(JSON.parse(await readFile(path, 'utf8')), path);
  } catch (error) {
    throw badCheckpoint(path, `it is not the configuration of a tiny model: ${messageOf(error)}`, error);
  }
}

/** The weights in a folder, checked against the shape. Throws `bad-checkpoint`. */
export async function readTinyWeights(folder: string, config: TinyConfig): Promise<Tensors> {
  const path = join(folder, 'model.safetensors');
  const { tensors } = await readSafetensors(path);
  return pick(tensors, '', config, path);
}

/** The optimiser's state. Throws `bad-checkpoint`. */
export async function readOptimizer(path: string, config: TinyConfig): Promise<OptimizerState> {
  const { tensors, metadata } = await readSafetensors(path);
  const steps = Number(metadata['steps']);
  if (!Number.isInteger(steps)) throw badCheckpoint(path, `its number of steps is ${metadata['steps']}.`);
  const loss = lossKinds.find((kind) => kind === metadata['loss']);
  const count = Number(metadata['meanOf'] ?? 0);
  return {
    steps,
    ...(loss ? { loss } : {}),
    first: pick(tensors, 'first.', config, path),
    second: pick(tensors, 'second.', config, path),
    ...(count > 0 ? { mean: { count, sum: pick(tensors, 'mean.', config, path) } } : {}),
  };
}

function named(tensors: Tensors, prefix: string): Record<string, NamedTensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [prefix + name, { dtype: 'F32', ...tensor }]),
  );
}

/** The tensors of a model among those of a file, each of its shape and finite. */
function pick(
  tensors: Readonly<Record<string, NamedTensor>>,
  prefix: string,
  config: TinyConfig,
  path: string,
): Tensors {
  const picked: Tensors = {};
  for (const [name, shape] of Object.entries(tensorShapes(config))) {
    const tensor = tensors[prefix + name];
    if (tensor?.dtype !== 'F32' || tensor.shape.join() !== shape.join()) {
      const found = tensor ? `${tensor.dtype} [${tensor.shape.join(', ')}]` : 'missing';
      throw badCheckpoint(
        path,
        `tensor ${prefix}${name} should be F32 [${shape.join(', ')}]; it is ${found}.`,
      );
    }
    if (!tensor.data.every(Number.isFinite))
      throw badCheckpoint(path, `tensor ${prefix}${name} is not finite.`);
    picked[name] = { shape, data: tensor.data };
  }
  return picked;
}

async function writeJson(path: string, content: unknown): Promise<void> {
  await writeDurably(path, `${JSON.stringify(content, undefined, 2)}\n`);
}
