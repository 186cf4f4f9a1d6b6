import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Every file under a folder, by path, as text that differs where a byte differs. */
export async function filesIn(folder: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const name of await readdir(folder, { recursive: true })) {
    const path = join(folder, name);
    if ((await stat(path)).isFile()) files[name] = await readFile(path, 'latin1');
  }
  return files;
}
