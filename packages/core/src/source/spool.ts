/**
 * What cannot be opened again (a stream, a string) is written to the run's folder as it comes, ahead of the
 * reading, so that a killed run can be resumed from there. When the input has ended, a second file beside it,
 * the end marker, says so: a spool without one is incomplete, and so is one that has not the length that it says.
 * Like the store, a spool survives the death of the process at once; a power cut can lose the last of it.
 */
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { readBlocks } from './read-blocks.ts';
import { sourceError } from './source-error.ts';

/** A stream on disk, whether it still grows or not. */
export interface Spool {
  /** Absolute path of the bytes. */
  file: string;
  /** `utf-8` where the input gave strings, which are text as they are; otherwise still to be detected. */
  encoding: string | undefined;
  /** The bytes from the beginning of the input to its end. */
  blocks(signal: AbortSignal): AsyncGenerator<Uint8Array>;
}

const endMarker = z.object({ bytes: z.number(), encoding: z.string().optional() });

/** Opens a spool that an earlier process filled. Throws `source-incomplete` if it has no end. */
export async function openSpool(file: string, name: string): Promise<Spool> {
  const bytes = await orIfMissing(
    stat(file).then(({ size }) => size),
    0,
  );
  const end = await orIfMissing(
    readFile(markerOf(file), 'utf8').then((json) => endMarker.parse(JSON.parse(json))),
    undefined,
  );
  if (end?.bytes === bytes) {
    return { file, encoding: end.encoding, blocks: (signal) => readBlocks(file, signal) };
  }
  throw sourceError(
    'source-incomplete',
    name,
    `it had not been received to its end when the run stopped; ${bytes} bytes of it were kept. Give the whole input again.`,
  );
}

/** Declares the spool incomplete. */
export function unmarkEnd(file: string): Promise<void> {
  return rm(markerOf(file), { force: true });
}

/** Declares the spool complete, all at once: a process that dies on the way leaves no marker. */
export async function markEnd(
  file: string,
  end: { bytes: number; encoding: string | undefined },
): Promise<void> {
  await writeFile(`${markerOf(file)}.part`, JSON.stringify(end));
  await rename(`${markerOf(file)}.part`, markerOf(file));
}

function markerOf(file: string): string {
  return `${file}.end`;
}

/** A process may die before it makes a file: then it is as if the file were empty. */
async function orIfMissing<Value, Missing>(
  value: Promise<Value>,
  missing: Missing,
): Promise<Value | Missing> {
  try {
    return await value;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return missing;
    throw error;
  }
}
