import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { constants } from 'node:fs';
import { dirname } from 'node:path';
import { readBlocks } from './read-blocks.ts';
import type { TextChunk } from './source.ts';

/** Where the extracted text of a source is kept, relative to the run's folder. */
export function keptTextFile(index: number): string {
  return `text/${index}.txt`;
}

/** Where the text goes, and when. */
export interface KeepOptions {
  /** Absolute path of the file to write; asked for when the first byte is written. */
  file: () => Promise<string>;
  /**
   * A file that holds the text already, as long as its bytes are valid UTF-8. Text is then only kept from the
   * first U+FFFD on, with everything before it copied: most files never need a copy.
   */
  original?: string;
  signal: AbortSignal;
}

/**
 * Writes text to a file as it streams by, each chunk before it is handed on, so that whoever has seen a text can
 * seek it. A run that is resumed writes the same bytes over those of before, which stay readable meanwhile.
 */
export async function* keepText(
  chunks: AsyncIterable<TextChunk>,
  { file, original, signal }: KeepOptions,
): AsyncGenerator<TextChunk> {
  let position = 0;
  let handle: FileHandle | undefined;
  try {
    for await (const chunk of chunks) {
      if (original === undefined || chunk.text.includes('\ufffd')) {
        handle ??= await openCopy(await file(), original, position, signal);
      }
      await handle?.writeFile(chunk.text);
      position += Buffer.byteLength(chunk.text);
      yield chunk;
    }
    await handle?.truncate(position);
  } finally {
    await handle?.close();
  }
}

/** Opens the file for writing behind the first `bytes` bytes, which are the original's. */
async function openCopy(
  file: string,
  original: string | undefined,
  bytes: number,
  signal: AbortSignal,
): Promise<FileHandle> {
  await mkdir(dirname(file), { recursive: true });
  const handle = await open(file, constants.O_RDWR | constants.O_CREAT);
  try {
    if (original === undefined) return handle;
    for await (const block of readBlocks(original, signal, { end: bytes })) await handle.writeFile(block);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}
