import { MemagentError } from '@memagent/core';
import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';

/** A folder with results in it, as the page calls it. */
export interface ResultFolder {
  /** Stands for the path, which stays with the server. */
  id: string;
  name: string;
  path: string;
}

/**
 * The folders, and those directly in them, that hold `file`; in order of their names. A folder that
 * is gone holds nothing.
 */
export async function findFolders(folders: readonly string[], file: string): Promise<ResultFolder[]> {
  const found = new Map<string, ResultFolder>();
  for (const folder of folders) {
    const root = resolve(folder);
    const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
    const inside = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(root, name));
    for (const path of [root, ...inside]) {
      const holds = await stat(join(path, file)).catch(() => undefined);
      if (!holds?.isFile()) continue;
      const id = createHash('sha256').update(path).digest('hex').slice(0, 16);
      found.set(id, { id, name: basename(path), path });
    }
  }
  return [...found.values()].toSorted((a, b) => a.name.localeCompare(b.name));
}

/** Throws `invalid-option` for a path that is no folder. */
export async function requireFolders(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const found = await stat(folder).catch(() => undefined);
    if (found?.isDirectory()) continue;
    throw new MemagentError(`${folder} is not a folder that can be read. Check the path.`, {
      code: 'invalid-option',
      data: { folder },
    });
  }
}
