/** The questions of a recipe: the evaluation's generated items, with budgets counted by the model's own tokenizer. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MemagentError, type Tokenizer } from '@memagent/core';
import { createMaterials, findTask, type MaterialOptions, type QuestionSetName } from '@memagent/eval';
import type { Sample } from '../glossary.ts';
import type { Recipe } from './recipe.ts';

export interface RecipeItemsOptions {
  recipe: Recipe;
  tokenizer: Tokenizer;
  /** Folder with `hotpotqa.jsonl(.gz)` and `pool_hotpotqa.jsonl(.gz)`, and so on, where a task asks from such a set. */
  data?: string | undefined;
  /** Positions to train on, in this order again and again; default: all. See `filterAnswerable`. */
  kept?: readonly number[] | undefined;
}

/** The item at a position; it depends on the position alone. */
export async function createRecipeItems({
  recipe,
  tokenizer,
  data,
  kept,
}: RecipeItemsOptions): Promise<(position: number) => Promise<Sample>> {
  const names = recipe.tasks.flatMap(({ task }) => findTask(task).questions ?? []);
  const materials = createMaterials({ questions: await questionFiles(names, data) });
  return async (position) => {
    const place = kept ? (kept[position % kept.length] as number) : position;
    const { task, ...length } = recipe.tasks[place % recipe.tasks.length] as Recipe['tasks'][number];
    return findTask(task).generate({
      ...length,
      seed: recipe.itemSeed,
      index: Math.floor(place / recipe.tasks.length),
      tokenizer,
      materials,
    });
  };
}

async function questionFiles(
  names: readonly QuestionSetName[],
  data: string | undefined,
): Promise<NonNullable<MaterialOptions['questions']>> {
  if (names.length === 0) return {};
  const files = data === undefined ? [] : await readdir(data);
  const find = (name: string): string | undefined => {
    const file = files.find((one) => one === `${name}.jsonl` || one === `${name}.jsonl.gz`);
    return file === undefined || data === undefined ? undefined : join(data, file);
  };
  return Object.fromEntries(
    names.map((name) => {
      const [questions, pool] = [find(name), find(`pool_${name}`)];
      if (questions === undefined) {
        throw new MemagentError(
          `The recipe asks questions of ${name}: give the folder that holds ${name}.jsonl or ${name}.jsonl.gz (--data FOLDER)${data === undefined ? '' : `; ${data} does not`}.`,
          { code: 'invalid-option', data: { option: 'data', questions: name } },
        );
      }
      return [name, { questions, ...(pool === undefined ? {} : { pool }) }];
    }),
  );
}
