import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { messageOf } from '@memagent/core';
import { createDataError } from './data-error.ts';

const isData = /\.(jsonl?|jsonlines|csv|parquet|content)(\.gz)?$/i;

/** The files meant by these paths, absolute, in this order; for a folder the data files in and under it, by name. */
export async function listFiles(paths: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(paths.map((path) => filesAt(resolve(path))));
  return lists.flat();
}

async function filesAt(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && isData.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted();
  } catch (error) {
    throw createDataError(
      `Data file ${path} cannot be opened: ${messageOf(error)}. Check the path.`,
      path,
      error,
    );
  }
}
