import type { Datum } from '../data/datum.ts';

/** How large one request may be. */
export interface ChunkLimits {
  readonly chunkDatums: number;
  readonly chunkBytes: number;
}

/** Cuts data into the fewest requests in order within the limits; a datum that alone is too large goes alone. */
export function chunkData(
  data: readonly Datum[],
  { chunkDatums, chunkBytes }: ChunkLimits,
): readonly Datum[][] {
  const chunks: Datum[][] = [];
  let bytes = Infinity;
  for (const datum of data) {
    const size = datumBytes(datum);
    const open = chunks.at(-1);
    if (open && open.length < chunkDatums && bytes + size <= chunkBytes) {
      open.push(datum);
      bytes += size;
    } else {
      chunks.push([datum]);
      bytes = size;
    }
  }
  return chunks;
}

/** About what a datum takes on the wire, which is nearly all numbers. */
function datumBytes({ modelInput, inputs }: Datum): number {
  let bytes = 0;
  for (const chunk of modelInput)
    bytes += chunk.type === 'text' ? chunk.tokens.length * 4 : chunk.data.byteLength;
  for (const tensor of Object.values(inputs)) {
    if (!tensor) continue;
    bytes += tensor.data.length * (tensor.type === 'float32' ? 4 : 8);
    if (tensor.sparse) bytes += (tensor.sparse.rowStarts.length + tensor.sparse.columns.length) * 8;
  }
  return bytes;
}
