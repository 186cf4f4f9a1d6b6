/**
 * The folder of an evaluation: `plan.json` says what was asked of whom, `results.jsonl` has one line for each
 * answer. A folder holds one evaluation: another plan or other settings are refused, so that no table ever mixes
 * what cannot be compared.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Json, MemagentError } from '@memagent/core';

/** Path of the results in a folder. */
export function resultsPath(folder: string): string {
  return join(folder, 'results.jsonl');
}

/** Makes the folder, or takes up one that was made for the same evaluation. Throws `settings-changed`. */
export async function openResultFolder(folder: string, evaluation: Json): Promise<void> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'plan.json');
  const before = await readJson(path);
  if (before === undefined) {
    await writeFile(path, `${JSON.stringify(evaluation, null, 2)}\n`);
  } else if (!isDeepStrictEqual(before, evaluation)) {
    throw new MemagentError(
      `${folder} holds another evaluation (see ${path}): its plan or settings differ. Give another folder, or the same settings to go on with it.`,
      { code: 'settings-changed', data: { folder } },
    );
  }
}

async function readJson(path: string): Promise<Json | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Json;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
