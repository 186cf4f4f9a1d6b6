/**
 * What can be set for a reading: the same names in the config file and, as `--kebab-case`, on the command
 * line. Precedence: flag, config file, environment.
 */
import { z } from 'zod';
import { parseCount } from './parse-count.ts';
import { parseDuration } from './parse-duration.ts';

export const readerNames = ['model', 'evidence', 'extractive'] as const;
export const reasoningEfforts = [
  'provider-default',
  'none',
  'minimal',
  'low',
  'medium',
  'high',
  'xhigh',
] as const;

const count = z.union([z.string(), z.number()]).transform((value, context) => {
  const found = parseCount(String(value));
  if (found !== undefined) return found;
  context.addIssue('expected a whole number of 1 or more, such as 16 or 8k');
  return z.NEVER;
});
const price = z.number().nonnegative();
const duration = z.union([z.string(), z.number().positive()]).transform((value, context) => {
  const ms = typeof value === 'number' ? value * 1000 : parseDuration(value);
  if (ms !== undefined) return ms;
  context.addIssue('expected a time such as 30s, 10m or 2h');
  return z.NEVER;
});

/** Money per million tokens. */
const prices = z.strictObject({
  input: price.optional(),
  output: price.optional(),
  cachedInput: price.optional(),
});

/** The config file. Strict: a key that is misspelt is refused. */
export const settingsSchema = z
  .strictObject({
    model: z.string().min(1),
    baseUrl: z.string().min(1),
    /** Name of the environment variable that holds the key. */
    apiKeyEnv: z.string().min(1),
    reader: z.enum(readerNames),
    strategy: z.string().min(1),
    /** Path of a template file. */
    template: z.string().min(1),
    /** Name of a tokenizer, or path of a `tokenizer.json` or its folder. */
    tokenizer: z.string().min(1),
    window: count,
    sectionTokens: count,
    memoryTokens: count,
    outputTokens: count,
    questionTokens: count,
    temperature: z.number().nonnegative(),
    topP: z.number().gt(0).max(1),
    seed: z.int(),
    reasoning: z.enum(reasoningEfforts),
    maxTokens: count,
    maxCost: z.number().positive(),
    /** In milliseconds once read. */
    maxTime: duration,
    prices,
    concurrency: count,
    rpm: count,
    tpm: count,
    retries: z.int().nonnegative(),
    /** Longest that one attempt may take, in milliseconds once read. */
    timeout: duration,
  })
  .partial();

/** Settings from one place, or merged. Times are milliseconds. */
export type Settings = z.output<typeof settingsSchema>;

/** The names of the keys of the config file. */
export const settingNames: readonly string[] = Object.keys(settingsSchema.shape);

/** Earlier layers win, key by key; prices price by price. */
export function mergeSettings(...layers: readonly Settings[]): Settings {
  const merged: Settings = {};
  for (const layer of layers.toReversed()) {
    Object.assign(merged, layer, layer.prices ? { prices: { ...merged.prices, ...layer.prices } } : {});
  }
  return merged;
}
