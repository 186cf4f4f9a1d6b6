/** The settings that a client may give a run, each with a sentence of explanation: one schema for all uses. */
import { defaultBudgets, type ReadingOptions, strategies } from '@memagent/core';
import { z } from 'zod';
import { defined } from '../defined.ts';
import type { ServedModel } from '../models/served-model.ts';

const tokens = (description: string, least = 1): z.ZodOptional<z.ZodInt> =>
  z.int().min(least).max(100_000_000).optional().meta({ description });

/** Unknown settings are refused. */
export const runSettingsSchema = z
  .strictObject({
    reader: z.enum(['model', 'evidence', 'extractive']).optional().meta({
      description:
        'Who reads: the language model itself (model), a small trained policy that quotes and leaves only the answer to the model (evidence), or a fixed rule that quotes (extractive).',
    }),
    strategy: z
      .enum(strategies.map(({ name }) => name) as [string, ...string[]])
      .optional()
      .meta({
        description:
          'What is read in which order: section by section with one memory (memory), the same twice, at twice the cost, for facts whose worth only a later clue shows (reread), only the beginning and end (truncate), only the passages that search finds (retrieve), sections side by side and merged (map-reduce), or an answer that is refined (refine).',
      }),
    window: tokens('Context length of the model in tokens, prompt and reply together.', 512),
    sectionTokens: tokens('Most tokens of the document that one call sees.', 16),
    memoryTokens: tokens('Most tokens of the memory that is carried from section to section.', 16),
    outputTokens: tokens('Most tokens of one reply.', 16),
    questionTokens: tokens('Most tokens of the question.'),
    temperature: z
      .number()
      .min(0)
      .max(2)
      .optional()
      .meta({ description: 'How freely the model words its replies; 0 is always the likeliest.' }),
    topP: z
      .number()
      .gt(0)
      .max(1)
      .optional()
      .meta({ description: 'Share of probability among which the model chooses its words.' }),
    seed: z.int().optional().meta({ description: 'Makes replies repeatable where the model can.' }),
    reasoning: z
      .enum(['provider-default', 'none', 'minimal', 'low', 'medium', 'high', 'xhigh'])
      .optional()
      .meta({ description: 'Effort that the model spends on reasoning, where it can be chosen.' }),
    concurrency: z
      .int()
      .min(1)
      .max(64)
      .optional()
      .meta({ description: 'Steps in flight at once; only map-reduce has several.' }),
    maxTokens: tokens('The run stops, resumably, before it has used more tokens than this.'),
    maxCost: z
      .number()
      .positive()
      .optional()
      .meta({ description: 'The run stops, resumably, before it has cost more than this; needs prices.' }),
    maxTimeMs: z
      .number()
      .positive()
      .optional()
      .meta({ description: 'The run stops, resumably, after this many milliseconds.' }),
  })
  .meta({ id: 'RunSettings' });

export type GivenRunSettings = z.output<typeof runSettingsSchema>;

/** One setting as a form shows it. */
export const settingSchema = z
  .object({
    name: z.string(),
    type: z.enum(['string', 'number', 'integer']),
    description: z.string(),
    default: z.union([z.string(), z.number()]).nullable(),
    choices: z.array(z.string()).optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
  })
  .meta({ id: 'Setting' });

/** The settings with what each is for a model unless a run says otherwise; null: the provider's, or none. */
export function describeSettings({ reading }: ServedModel): z.output<typeof settingSchema>[] {
  const defaults: Record<string, unknown> = {
    ...defaultBudgets,
    strategy: 'memory',
    reader: reading.model === undefined ? 'evidence' : 'model',
    ...reading,
  };
  return Object.entries(runSettingsSchema.shape).map(([name, schema]) => {
    const { type, description, enum: choices, minimum, exclusiveMinimum, maximum } = z.toJSONSchema(schema);
    const least = minimum ?? exclusiveMinimum;
    const value = defaults[name];
    return settingSchema.parse({
      name,
      type,
      description,
      default: typeof value === 'string' || typeof value === 'number' ? value : null,
      ...(choices === undefined ? {} : { choices }),
      ...(least === undefined ? {} : { minimum: least }),
      ...(maximum === undefined ? {} : { maximum }),
    });
  });
}

/** A model's way of reading with what a run changes of it. */
export function applySettings(
  { reading }: ServedModel,
  {
    maxTokens: _tokens,
    maxCost: _cost,
    maxTimeMs: _time,
    concurrency: _concurrency,
    ...changes
  }: GivenRunSettings,
): ReadingOptions {
  return { ...reading, ...defined(changes) };
}

/** What a session of a run may use. */
export function sessionOf(
  { session }: ServedModel,
  { maxTokens, maxCost, maxTimeMs, concurrency }: GivenRunSettings,
): NonNullable<ServedModel['session']> {
  return { ...session, ...defined({ maxTokens, maxCost, maxTimeMs, concurrency }) };
}
