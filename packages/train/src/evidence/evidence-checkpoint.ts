/** A checkpoint of the evidence reader: `model.safetensors`, `config.json` and `optimizer.safetensors` in a folder. */
import { join } from 'node:path';
import { type EvidenceTensors, loadEvidenceWeights, networkShape } from '@memagent/core/evidence';
import type { AdamState } from '../backend/adam-w.ts';
import type { Loss } from '../backend/backend.ts';
import { badCheckpoint } from '../checkpoint/bad-checkpoint.ts';
import {
  type NamedTensor,
  readSafetensors,
  type Safetensors,
  writeSafetensors,
} from '../checkpoint/safetensors.ts';
import { writeDurably } from '../checkpoint/write-durably.ts';
import { fromList, listOf, namedTensors, tensorNames } from './evidence-tensors.ts';

export interface EvidenceCheckpoint {
  tensors: EvidenceTensors;
  sketch: Uint8Array;
  /** Name of the weights. */
  version: string;
  adam: AdamState;
  /** The loss that the moments are of. */
  trainedOn: Loss['kind'] | undefined;
}

const files = { model: 'model.safetensors', config: 'config.json', optimizer: 'optimizer.safetensors' };

const lossKinds: readonly Loss['kind'][] = ['cross-entropy', 'clipped-surrogate'];

export async function saveEvidenceCheckpoint(
  folder: string,
  { tensors, sketch, version, adam, trainedOn }: EvidenceCheckpoint,
): Promise<void> {
  await writeSafetensors(join(folder, files.model), {
    tensors: namedTensors(tensors, sketch),
    metadata: { format: 'pt', version },
  });
  const config = { model_type: 'memagent-evidence', ...networkShape };
  await writeDurably(join(folder, files.config), `${JSON.stringify(config, null, 2)}\n`);
  await writeSafetensors(join(folder, files.optimizer), {
    tensors: { ...named('m', adam.m), ...named('v', adam.v) },
    metadata: { step: String(adam.step), ...(trainedOn ? { loss: trainedOn } : {}) },
  });
}

/** Throws `bad-checkpoint` where anything is missing, damaged, or was trained with another sketch. */
export async function loadEvidenceCheckpoint(
  folder: string,
  sketch: Uint8Array,
): Promise<Pick<EvidenceCheckpoint, 'tensors' | 'adam' | 'trainedOn'>> {
  const weights = await loadEvidenceWeights(join(folder, files.model));
  if (Buffer.compare(weights.sketch, sketch) !== 0) {
    throw badCheckpoint(
      folder,
      'its rarity sketch was counted on other paragraphs. Give the data that it was trained on.',
    );
  }
  const path = join(folder, files.optimizer);
  const kept = await readSafetensors(path);
  const step = Number(kept.metadata['step']);
  if (!Number.isInteger(step)) throw badCheckpoint(path, 'it does not say how many steps were made.');
  const lengths = listOf(weights.tensors).map(({ length }) => length);
  return {
    tensors: weights.tensors,
    adam: { step, m: momentsOf('m', kept, lengths, path), v: momentsOf('v', kept, lengths, path) },
    trainedOn: lossKinds.find((kind) => kind === kept.metadata['loss']),
  };
}

function named(prefix: string, values: readonly Float32Array[]): Record<string, NamedTensor> {
  return Object.fromEntries(
    Object.entries(namedTensors(fromList(values))).map(([name, tensor]) => [`${prefix}.${name}`, tensor]),
  );
}

function momentsOf(
  prefix: string,
  { tensors }: Safetensors,
  lengths: readonly number[],
  path: string,
): Float32Array[] {
  return tensorNames.map((name, index) => {
    const tensor = tensors[`${prefix}.${name}`];
    if (tensor?.dtype === 'F32' && tensor.data.length === lengths[index]) return tensor.data;
    throw badCheckpoint(path, `it lacks the tensor ${prefix}.${name} in the network's shape.`);
  });
}
