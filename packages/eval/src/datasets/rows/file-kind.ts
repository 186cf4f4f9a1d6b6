import { open } from 'node:fs/promises';
import { createDataError } from './data-error.ts';

/** How a file's bytes are to be taken, by the marks at their beginning: names of downloads are often changed. */
export type FileKind = 'text' | 'gzip' | 'parquet' | 'zip';

const marks: readonly [FileKind, string][] = [
  ['gzip', '1f8b'],
  ['parquet', '50415231'],
  ['zip', '504b0304'],
];

export async function fileKind(file: string): Promise<FileKind> {
  try {
    await using handle = await open(file);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    const start = buffer.toString('hex', 0, bytesRead);
    return marks.find(([, mark]) => start.startsWith(mark))?.[0] ?? 'text';
  } catch (error) {
    throw createDataError(`Data file ${file} cannot be opened. Check the path.`, file, error);
  }
}
