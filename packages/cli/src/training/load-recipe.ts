import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { messageOf } from '@memagent/core';
import {
  checkRecipe,
  createRecipePreset,
  keptPositions,
  type Recipe,
  readFilter,
  type TrainingPreset,
} from '@memagent/train';
import { parse } from 'yaml';
import type { Shell } from '../shell.ts';
import { usageError } from '../usage-error.ts';

/** The flags that say what a recipe is trained with. */
export interface RecipeFlags {
  recipe?: string;
  tokenizer?: string | undefined;
  kept?: string;
  right?: number;
}

/** Reads and checks a recipe's file. */
export async function loadRecipe(file: string, { cwd }: Shell): Promise<Recipe> {
  const path = resolve(cwd, file);
  let content: unknown;
  try {
    content = parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw usageError(`The recipe ${path} cannot be read: ${messageOf(error)}`, error);
  }
  return checkRecipe(content, path);
}

/** The folder of the tokenizer that a recipe needs. */
export function requireTokenizer({ tokenizer }: RecipeFlags, { cwd }: Shell): string {
  if (tokenizer !== undefined) return resolve(cwd, tokenizer);
  throw usageError("A recipe needs the folder of the model's tokenizer: --tokenizer FOLDER.");
}

/** The preset of the recipe that `--recipe` names. */
export async function recipePreset(file: string, flags: RecipeFlags, shell: Shell): Promise<TrainingPreset> {
  const recipe = await loadRecipe(file, shell);
  const kept =
    flags.kept === undefined
      ? undefined
      : keptPositions(await readFilter(resolve(shell.cwd, flags.kept)), flags.right ?? 1);
  if (kept?.length === 0) throw usageError(`${flags.kept} (--kept) leaves no question to train on.`);
  return createRecipePreset(recipe, { tokenizer: requireTokenizer(flags, shell), ...(kept ? { kept } : {}) });
}
