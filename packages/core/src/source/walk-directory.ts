import type { Dirent } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import { type IgnoreRules, isIgnored, readIgnoreRules, readIgnoreRulesAbove } from './ignore-rules.ts';
import { unreadable } from './source-error.ts';

/** A file in a directory. */
export interface WalkedFile {
  /** Absolute. */
  path: string;
  /** Relative to the directory, with `/`. */
  name: string;
}

/**
 * Lists the files of a directory and its folders in the order of their paths, `.gitignore` respected. Left out
 * are `node_modules` and hidden files and folders: `.git` is no document, and `.env` is nobody's business.
 * Symbolic links are not followed, so there are no loops and no way out. `onSkip` hears of what cannot be listed.
 */
export async function* walkDirectory(
  directory: string,
  onSkip: (name: string, reason: string) => void,
): AsyncGenerator<WalkedFile> {
  const root = await realpath(directory).catch((error: unknown) => {
    throw unreadable(directory, error);
  });
  const entries = await list(root).catch((error: unknown) => {
    throw unreadable(directory, error);
  });
  yield* walk({ path: root, name: '' }, entries, await readIgnoreRulesAbove(root), onSkip);
}

async function* walk(
  folder: WalkedFile,
  entries: readonly Dirent[],
  rulesAbove: readonly IgnoreRules[],
  onSkip: (name: string, reason: string) => void,
): AsyncGenerator<WalkedFile> {
  const rules = [...rulesAbove, ...(await readIgnoreRules(folder.path))];
  for (const entry of entries) {
    const file = { path: join(folder.path, entry.name), name: folder.name + entry.name };
    if (isLeftOut(entry.name) || isIgnored(rules, file.path, entry.isDirectory())) continue;
    if (entry.isFile()) yield file;
    else if (entry.isSymbolicLink()) onSkip(file.name, 'a symbolic link, which is not followed');
    else if (entry.isDirectory()) {
      const inner = await list(file.path).catch((error: unknown) => onSkip(file.name, messageOf(error)));
      if (inner) yield* walk({ path: file.path, name: `${file.name}/` }, inner, rules, onSkip);
    }
  }
}

function isLeftOut(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

/** What is in a folder, sorted so that whole paths are in the order of their UTF-16 units. */
async function list(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

function sortKey(entry: Dirent): string {
  return entry.isDirectory() ? `${entry.name}/` : entry.name;
}
