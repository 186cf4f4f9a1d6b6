/**
 * The trained policy as a file: tensors in the safetensors format, with the rarity sketch among them, packed four
 * bytes to an I32.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { MemagentError, messageOf } from '../errors.ts';
import { type EvidenceTensors, type TensorName, tensorShapes } from './evidence-network.ts';
import { rarityShape } from './rarity.ts';

export interface EvidenceWeights {
  tensors: EvidenceTensors;
  /** How rare terms are, see `rarity.ts`. */
  sketch: Uint8Array;
  /** Names these weights in a run's settings: what they were called, and the beginning of the file's SHA-256. */
  version: string;
}

/** Name of the sketch's tensor. */
export const sketchName = 'rarity';

/** The weights that come with the package. */
export const shippedWeights = new URL('../../data/evidence/model.safetensors', import.meta.url);

/** Reads weights from a file. Throws `bad-checkpoint` where it is missing, damaged, or of another network. */
export async function loadEvidenceWeights(path: string | URL = shippedWeights): Promise<EvidenceWeights> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw badWeights(path, messageOf(error), error);
  }
  try {
    return parseWeights(bytes);
  } catch (error) {
    throw badWeights(path, messageOf(error), error);
  }
}

interface TensorEntry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

const metadataKey = '__metadata__';

function parseWeights(bytes: Uint8Array): EvidenceWeights {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) throw new Error(`it has ${bytes.length} bytes`);
  const headerBytes = Number(view.getBigUint64(0, true));
  if (headerBytes > bytes.length - 8) throw new Error('it is cut short');
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes))) as Record<
    string,
    TensorEntry
  > & { [metadataKey]?: Record<string, string> };
  const data = Uint8Array.from(bytes.subarray(8 + headerBytes)).buffer;

  const read = (name: string, shape: readonly number[], dtype: string): ArrayBuffer => {
    const entry = header[name];
    if (!entry || entry.dtype !== dtype || String(entry.shape) !== String(shape)) {
      throw new Error(
        `tensor ${name} is ${entry ? `${entry.dtype} [${String(entry.shape)}]` : 'missing'}, wanted ${dtype} [${String(shape)}]`,
      );
    }
    const [start, end] = entry.data_offsets;
    const size = shape.reduce((product, one) => product * one, 4);
    if (end - start !== size || end > data.byteLength) throw new Error(`tensor ${name} is cut short`);
    return data.slice(start, end);
  };

  const tensors = {} as Record<TensorName, Float32Array>;
  for (const [name, shape] of Object.entries(tensorShapes)) {
    const values = new Float32Array(read(name, shape, 'F32'));
    if (values.some((value) => !Number.isFinite(value))) throw new Error(`tensor ${name} is not finite`);
    tensors[name as TensorName] = values;
  }
  const sketch = new Uint8Array(read(sketchName, [rarityShape.rows, rarityShape.slots / 4], 'I32'));
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
  return { tensors, sketch, version: `${header[metadataKey]?.['version'] ?? 'unnamed'}-${hash}` };
}

function badWeights(path: string | URL, problem: string, cause: unknown): MemagentError {
  return new MemagentError(
    `Cannot read the evidence reader's weights from ${String(path)}: ${problem}. Give a model.safetensors that \`memagent train --preset evidence\` wrote, or install the package again.`,
    { code: 'bad-checkpoint', data: { path: String(path) }, cause },
  );
}
