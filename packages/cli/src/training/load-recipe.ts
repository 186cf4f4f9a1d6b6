import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { messageOf } from '@memagent/core';
import {
  checkRecipe,
  createRecipePreset,
  fetchTokenizer,
  isHubName,
  keptPositions,
  type Recipe,
  readFilter,
  type TrainingPreset,
} from '@memagent/train';
import { parse } from 'yaml';
import type { Flags } from '../flags/flags.ts';
import { hubOptions } from '../model/hub-options.ts';
import { loadSettings } from '../settings/load-settings.ts';
import type { Shell } from '../shell.ts';
import { usageError } from '../usage-error.ts';

/** The flags that say what a recipe is trained with. */
export interface RecipeFlags extends Flags {
  recipe?: string;
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

/**
 * The folder of the tokenizer that a recipe needs: the one that `--tokenizer` names, or fetched from the hub by the
 * name that `--tokenizer` or `--model` gives.
 */
export async function findTokenizer(flags: RecipeFlags, shell: Shell): Promise<string> {
  const { tokenizer, model } = flags;
  const folder = tokenizer === undefined ? undefined : resolve(shell.cwd, tokenizer);
  if (folder !== undefined && existsSync(folder)) return folder;
  const name = [tokenizer, model].find((one) => one !== undefined);
  if (name === undefined || !isHubName(name)) {
    throw usageError(
      folder === undefined
        ? "A recipe needs the model's tokenizer: give its folder (--tokenizer FOLDER), or its name on the Hugging Face Hub (--tokenizer Qwen/Qwen3-8B)."
        : `There is no tokenizer ${folder} (--tokenizer).`,
    );
  }
  const { home } = await loadSettings(flags, shell);
  return fetchTokenizer({ model: name, ...hubOptions(shell.environment, home) });
}

/** The preset of the recipe that `--recipe` names. */
export async function recipePreset(file: string, flags: RecipeFlags, shell: Shell): Promise<TrainingPreset> {
  const recipe = await loadRecipe(file, shell);
  const kept =
    flags.kept === undefined
      ? undefined
      : keptPositions(await readFilter(resolve(shell.cwd, flags.kept)), flags.right ?? 1);
  if (kept?.length === 0) throw usageError(`${flags.kept} (--kept) leaves no question to train on.`);
  return createRecipePreset(recipe, {
    tokenizer: await findTokenizer(flags, shell),
    ...(kept ? { kept } : {}),
  });
}
