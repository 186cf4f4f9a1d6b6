/** The rules of all `.gitignore` files that apply to a folder, as git applies them: the nearest one decides. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** Rules of one `.gitignore`. */
export interface IgnoreRules {
  folder: string;
  rules: Ignore;
}

/** Reads the `.gitignore` of a folder, if it has one. */
export async function readIgnoreRules(folder: string): Promise<IgnoreRules[]> {
  try {
    return [
      {
        folder,
        rules: ignore({ ignorecase: false }).add(await readFile(join(folder, '.gitignore'), 'utf8')),
      },
    ];
  } catch {
    return []; // Without rules that can be read nothing is ignored, as in git.
  }
}

/**
 * Rules of the folders above, up to the root of the repository that `folder` lies in. None if those rules ignore
 * the folder itself: who names an ignored folder wants to read it.
 */
export async function readIgnoreRulesAbove(folder: string): Promise<IgnoreRules[]> {
  const found: IgnoreRules[] = [];
  for (let current = folder; ; current = dirname(current)) {
    if (current !== folder) found.unshift(...(await readIgnoreRules(current)));
    if (await exists(join(current, '.git'))) return isIgnored(found, folder, true) ? [] : found;
    if (current === dirname(current)) return []; // In no repository.
  }
}

/** Whether a file or folder is ignored by rules that are given from the outermost to the nearest. */
export function isIgnored(all: readonly IgnoreRules[], path: string, isFolder: boolean): boolean {
  for (const { folder, rules } of all.toReversed()) {
    const name = relative(folder, path).split(sep).join('/');
    const { ignored, unignored } = rules.test(isFolder ? `${name}/` : name);
    if (ignored || unignored) return ignored;
  }
  return false;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
