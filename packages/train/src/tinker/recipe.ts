/** A recipe: what a language model elsewhere is trained on and how, as a file says (`recipes/*.yaml`). */
import { MemagentError, parseTemplate } from '@memagent/core';
import { findMetric, findTask } from '@memagent/eval';
import { z } from 'zod';
import { trainingConfigSchema } from '../trainer/training-config.ts';

const count = z.int().positive();

/** The schema of a recipe. */
export const recipeSchema = z.strictObject({
  name: z.string().min(1),
  summary: z.string(),
  /** Tasks of the evaluation, taken in turns; each with a length in tokens or in paragraphs. */
  tasks: z
    .array(
      z.union([
        z.strictObject({ task: z.string(), tokens: count }),
        z.strictObject({ task: z.string(), paragraphs: count }),
      ]),
    )
    .min(1),
  /** Names the items; evaluations use 42 unless told otherwise, so training should not. */
  itemSeed: z.int().nonnegative(),
  reading: z.strictObject({
    window: count,
    sectionTokens: count,
    memoryTokens: count,
    outputTokens: count,
    questionTokens: count,
  }),
  /** The prompts, as `parseTemplate` of core reads them. Default: the built-in ones. */
  template: z.string().optional(),
  /** The metric that is the reward. */
  reward: z.string(),
  training: trainingConfigSchema,
});

/** A checked recipe. */
export type Recipe = z.output<typeof recipeSchema>;

/** Checks the content of a recipe's file. Throws `invalid-option` saying what is wrong where. */
export function checkRecipe(content: unknown, name: string): Recipe {
  const { data, error } = recipeSchema.safeParse(content);
  if (error) {
    throw new MemagentError(`The recipe ${name}: ${z.prettifyError(error)}`, {
      code: 'invalid-option',
      data: { option: 'recipe' },
    });
  }
  if (data.template !== undefined) parseTemplate(data.template, `the template of ${name}`);
  for (const { task } of data.tasks) findTask(task);
  findMetric(data.reward as Parameters<typeof findMetric>[0]);
  return data;
}
