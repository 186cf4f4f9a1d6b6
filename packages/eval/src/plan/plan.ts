/**
 * What an evaluation examines: tasks at lengths, with so many items, for these strategies. A preset is a plan,
 * and so is a YAML file of the user's own; both are checked by the one schema below.
 */
import { readFile } from 'node:fs/promises';
import { MemagentError, messageOf, strategies, type WindowBudgets } from '@memagent/core';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseLength } from './parse-length.ts';

const length = z.union([z.int().positive(), z.string()]).transform((value, context) => {
  const parsed = typeof value === 'number' ? value : parseLength(value);
  if (parsed !== undefined) return parsed;
  context.addIssue(`must be a number of tokens such as 8192, 8k or 1m; received ${JSON.stringify(value)}`);
  return z.NEVER;
});
const strategyName = z.enum(strategies.map(({ name }) => name));
const items = z.int().positive();

const taskPlan = z
  .strictObject({
    task: z.string(),
    /** Tokens of the document, `8k` and `1m` in binary units. */
    lengths: z.array(length).nonempty().optional(),
    /** Paragraphs of the document, for tasks over paragraphs. */
    paragraphs: z.array(z.int().positive()).nonempty().optional(),
    items: items.optional(),
    parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  })
  .refine((task) => (task.lengths === undefined) !== (task.paragraphs === undefined), {
    message: 'needs either lengths (tokens) or paragraphs',
  });

const dataSetPlan = z.strictObject({
  dataSet: z.string(),
  /** At most so many of its questions. */
  items: items.optional(),
});

/** The schema of a plan file. */
export const planSchema = z.strictObject({
  name: z.string(),
  seed: z.int().nonnegative().default(42),
  /** Items of each task at each length, unless the task says otherwise. */
  items: items.default(10),
  strategies: z.array(strategyName).nonempty().default(['memory']),
  /** Lengths count prompt and output as RULER does. */
  rulerLength: z.boolean().default(false),
  tasks: z.array(taskPlan).default([]),
  dataSets: z.array(dataSetPlan).default([]),
  /** Budgets in tokens, as for `read`. */
  budgets: z
    .strictObject({
      window: z.int().positive(),
      sectionTokens: z.int().positive(),
      memoryTokens: z.int().positive(),
      outputTokens: z.int().positive(),
      questionTokens: z.int().positive(),
    })
    .partial()
    .default({})
    // What is not set is not there, so that it can be spread over defaults.
    .transform((budgets) => JSON.parse(JSON.stringify(budgets)) as Partial<WindowBudgets>),
});

/** A plan before defaults, as people write it. */
export type PlanInput = z.input<typeof planSchema>;

/** A checked plan. */
export type Plan = z.output<typeof planSchema>;

/** Checks a plan; `name` is for the message. Throws `invalid-option` saying what is wrong where. */
export function checkPlan(input: unknown, name: string): Plan {
  const { data, error } = planSchema.safeParse(input);
  if (data) return data;
  throw new MemagentError(`Plan ${name}: ${z.prettifyError(error)}`, {
    code: 'invalid-option',
    data: { plan: name },
  });
}

/** Reads a plan from a YAML (or JSON) file. */
export async function loadPlan(path: string): Promise<Plan> {
  let input: unknown;
  try {
    input = parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new MemagentError(`Plan ${path} cannot be read: ${messageOf(cause)}`, {
      code: 'invalid-option',
      data: { plan: path },
      cause,
    });
  }
  return checkPlan(input, path);
}
