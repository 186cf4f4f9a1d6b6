/**
 * Reads and writes the safetensors format: 8 bytes with the length of the header (little-endian), the header as
 * JSON, then the tensors' bytes, little-endian, without gaps. Written here because no kept library of the
 * registry writes it. Only the kinds of numbers that a trainer has: 32-bit floats and integers.
 */
import { endianness } from 'node:os';
import { readFile } from 'node:fs/promises';
import { messageOf, MemagentError } from '@memagent/core';
import { z } from 'zod';
import { badCheckpoint } from './bad-checkpoint.ts';
import { writeDurably } from './write-durably.ts';

/** A tensor of 32-bit floats, or of 32-bit integers. Row-major. */
export type NamedTensor =
  | { dtype: 'F32'; shape: readonly number[]; data: Float32Array }
  | { dtype: 'I32'; shape: readonly number[]; data: Int32Array };

export interface Safetensors {
  tensors: Readonly<Record<string, NamedTensor>>;
  /** Strings kept in the file's `__metadata__`; Hugging Face tools expect `{ format: 'pt' }`. */
  metadata: Readonly<Record<string, string>>;
}

const entrySchema = z.strictObject({
  dtype: z.enum(['F32', 'I32']),
  shape: z.array(z.int().nonnegative()),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});
const headerSchema = z
  .object({ __metadata__: z.record(z.string(), z.string()).optional() })
  .catchall(entrySchema);

const metadataKey = '__metadata__';
const lengthBytes = 8;
const elementBytes = 4;

/** The file's bytes: tensors in the order of their names, so that the same tensors always give the same bytes. */
export function encodeSafetensors({ tensors, metadata }: Safetensors): Uint8Array {
  requireLittleEndian();
  const entries = Object.entries(tensors).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const header: Record<string, unknown> = { [metadataKey]: metadata };
  let position = 0;
  for (const [name, { dtype, shape, data }] of entries) {
    if (name === metadataKey || sizeOf(shape) !== data.length) {
      throw new MemagentError(
        `Tensor ${JSON.stringify(name)} has ${data.length} numbers, and its shape [${shape.join(', ')}] has room for ${sizeOf(shape)}.`,
        { code: 'invalid-option', data: { tensor: name } },
      );
    }
    header[name] = { dtype, shape, data_offsets: [position, position + data.byteLength] };
    position += data.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  // Blanks behind the header let the numbers begin at a multiple of 8.
  const headerBytes = Math.ceil(json.length / lengthBytes) * lengthBytes;
  const bytes = Buffer.alloc(lengthBytes + headerBytes + position, ' ');
  bytes.writeBigUInt64LE(BigInt(headerBytes));
  json.copy(bytes, lengthBytes);
  position = lengthBytes + headerBytes;
  for (const [, { data }] of entries) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return bytes;
}

/**
 * Takes a file apart. Throws `bad-checkpoint` for anything that is not a whole, well-formed file of F32 and I32;
 * `name` is for the message.
 */
export function decodeSafetensors(bytes: Uint8Array, name: string): Safetensors {
  requireLittleEndian();
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = buffer.length < lengthBytes ? Infinity : Number(buffer.readBigUInt64LE());
  const start = lengthBytes + headerBytes;
  if (start > buffer.length) throw badCheckpoint(name, 'its header is cut short. Copy the file again.');
  const { [metadataKey]: metadata = {}, ...entries } = parseHeader(
    buffer.toString('utf8', lengthBytes, start),
    name,
  );
  const tensors: Record<string, NamedTensor> = {};
  let covered = 0;
  for (const [key, { dtype, shape, data_offsets }] of Object.entries(entries)) {
    const [from, to] = data_offsets;
    if (to - from !== sizeOf(shape) * elementBytes || start + to > buffer.length) {
      throw badCheckpoint(
        name,
        `tensor ${JSON.stringify(key)} does not lie within the file. Copy the file again.`,
      );
    }
    // Copied, so that it is aligned and does not keep the whole file in memory.
    const data = Uint8Array.from(buffer.subarray(start + from, start + to)).buffer;
    tensors[key] =
      dtype === 'F32'
        ? { dtype, shape, data: new Float32Array(data) }
        : { dtype, shape, data: new Int32Array(data) };
    covered += to - from;
  }
  if (start + covered !== buffer.length) {
    throw badCheckpoint(
      name,
      `its tensors have ${covered} bytes, but ${buffer.length - start} follow the header.`,
    );
  }
  return { tensors, metadata };
}

/** Writes a file and waits until it is on the disk. */
export async function writeSafetensors(path: string, file: Safetensors): Promise<void> {
  await writeDurably(path, encodeSafetensors(file));
}

/** Reads a file; `bad-checkpoint` where it is missing or damaged. */
export async function readSafetensors(path: string): Promise<Safetensors> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw badCheckpoint(path, `it cannot be read: ${messageOf(error)}.`, error);
  }
  return decodeSafetensors(bytes, path);
}

function parseHeader(json: string, name: string): z.output<typeof headerSchema> {
  try {
    return headerSchema.parse(JSON.parse(json));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw badCheckpoint(name, `its header is not that of a safetensors file of F32 and I32: ${why}`, error);
  }
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}

/** The numbers are copied as they lie in memory. */
function requireLittleEndian(): void {
  if (endianness() === 'LE') return;
  throw new MemagentError('Checkpoints can be read and written on little-endian machines only.', {
    code: 'invalid-option',
  });
}
