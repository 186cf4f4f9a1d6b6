import { open } from 'node:fs/promises';

/** Bytes read at a time: large enough for speed, small enough that a file of any size needs little memory. */
export const blockBytes = 64 * 1024;

/** Streams the bytes of a file from `start` (default 0) up to, but without, `end` (default: all). */
export async function* readBlocks(
  file: string,
  signal: AbortSignal,
  { start = 0, end = Infinity }: { start?: number; end?: number } = {},
): AsyncGenerator<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    let position = start;
    while (position < end) {
      signal.throwIfAborted();
      const size = Math.min(blockBytes, end - position);
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(size), 0, size, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
