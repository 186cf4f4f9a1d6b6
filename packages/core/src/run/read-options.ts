/** The options of `read`, `resume` and `estimate`, and the check of them. */
import type { FlexibleSchema, LanguageModel } from 'ai';
import { z } from 'zod';
import { MemagentError } from '../errors.ts';
import type { Json } from '../json.ts';
import type { Sampling } from '../model/send-request.ts';
import type { Limits } from '../model/limits.ts';
import type { Prices } from '../model/price.ts';
import type { RetryPolicy } from '../model/retry-policy.ts';
import type { PromptTemplate } from '../prompt/template.ts';
import type { Reader } from '../reader/reader.ts';
import type { SourceInput } from '../source/source.ts';
import type { RunStore } from '../store/run-store.ts';
import type { Strategy } from '../strategy/strategy.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { WindowBudgets } from '../window/plan-window.ts';
import type { RunBudget, RunLimits } from './run-budget.ts';

/** The readers that come with the package. */
export const readerNames = Object.freeze(['model', 'evidence', 'extractive'] as const);

export type ReaderName = (typeof readerNames)[number];

/** What decides how a document is read. All of it must be the same when a run is resumed. */
export interface ReadingOptions extends Partial<WindowBudgets>, Sampling {
  /** Any model of the AI SDK. Without one the document is read by the `evidence` reader. */
  model?: LanguageModel;
  /**
   * Who reads: `model` (the default with a model), `evidence` (the default without; given a model, it asks it for
   * the answer alone), `extractive`, or a reader of your own.
   */
  reader?: Reader | ReaderName;
  /** What is read in which order: `memory` (default), `reread`, `truncate`, `retrieve`, `map-reduce`, `refine`, or your own. */
  strategy?: Strategy | string;
  /** The prompts; default: the built-in template. */
  template?: PromptTemplate;
  /**
   * How tokens are counted: a tokenizer, the name of a tiktoken encoding (`o200k_base`), the path of a Hugging
   * Face `tokenizer.json` or its folder, or `estimate`. Default: by the model's name.
   */
  tokenizer?: Tokenizer | string;
  /**
   * The answer is JSON that follows this schema: zod, another Standard Schema, or a JSON Schema in the AI SDK's
   * `jsonSchema(…)`. Needs a language model.
   */
  schema?: FlexibleSchema<unknown>;
}

/** Steps in flight at once, for strategies that can. */
export const defaultConcurrency = 4;

/** What decides how the calls are made; may differ from session to session. */
export interface SessionOptions extends RunLimits {
  /** Shared with other runs, whose use counts as well; from `createBudget`. */
  budget?: RunBudget;
  prices?: Prices;
  retry?: Partial<RetryPolicy>;
  /** Shared limits on requests; default: one set for the whole process. */
  limits?: Limits;
  /** Steps that a strategy may have in flight at once (only map-reduce has several). Default 4. */
  concurrency?: number;
  /** Where runs are kept; default: SQLite under `home`. */
  store?: RunStore;
  /** Folder of the default store; default: the platform's data folder. */
  home?: string;
  /** Stops the run at once, resumably; the result rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** Options of `read`. */
export interface ReadOptions extends ReadingOptions, SessionOptions {
  question: string;
  /** A bare string is the text itself; see `SourceSpec` for files and folders. */
  source: SourceInput;
  /** Default: a new id. */
  runId?: string;
  /** Notes kept in the run's record: what a program needs to resume it (names, paths). Never secrets. */
  client?: Json;
}

/** Options of `resume`: what is left out is as the run began. */
export interface ResumeOptions extends ReadingOptions, SessionOptions {
  runId: string;
  /** Needed only where a stream was cut short before all of it was saved. */
  source?: SourceInput;
}

const tokens = z.int().positive();
const price = z.number().nonnegative();

const scalarOptions = z.object({
  window: tokens.optional(),
  sectionTokens: tokens.min(16).optional(),
  memoryTokens: tokens.min(16).optional(),
  outputTokens: tokens.min(16).optional(),
  questionTokens: tokens.optional(),
  temperature: z.number().min(0).optional(),
  topP: z.number().gt(0).max(1).optional(),
  seed: z.int().optional(),
  maxTokens: z.number().positive().optional(),
  maxCost: z.number().positive().optional(),
  maxTimeMs: z.number().positive().optional(),
  concurrency: z.int().positive().optional(),
  prices: z.strictObject({ input: price, output: price, cachedInput: price.optional() }).optional(),
  retry: z
    .strictObject({
      retries: z.int().nonnegative(),
      minDelayMs: z.number().nonnegative(),
      maxDelayMs: z.number().nonnegative(),
      maxRetryAfterMs: z.number().nonnegative(),
      timeoutMs: z.number().positive(),
      repairs: z.int().nonnegative(),
    })
    .partial()
    .optional(),
});

/** Options that are no scalars, of every way to begin a run. */
export const commonOptions: readonly string[] = [
  'source',
  'runId',
  'client',
  'model',
  'template',
  'schema',
  'tokenizer',
  'limits',
  'budget',
  'store',
  'home',
  'signal',
  'reasoning',
  'providerOptions',
  'reasoningOptions',
];

const otherOptions = [...commonOptions, 'question', 'reader', 'strategy'];

/** Throws `invalid-option` for an unknown option, a wrong type or a number out of range. */
export function checkOptions(options: ReadOptions | ResumeOptions): void {
  checkNames(options, otherOptions);
  checkScalars(options);
  if ('question' in options && (typeof options.question !== 'string' || options.question.trim() === '')) {
    throw invalidOption(
      'question',
      `must be a text that is not empty; received ${JSON.stringify(options.question)}`,
    );
  }
  if (typeof options.reader === 'string' && !readerNames.includes(options.reader)) {
    throw invalidOption(
      'reader',
      `must be "model", "evidence", "extractive" or a reader; received "${String(options.reader)}"`,
    );
  }
  if (options.reader === 'model' && options.model === undefined) {
    throw invalidOption('reader', 'is "model", but no model was given');
  }
  if (options.schema !== undefined && 'question' in options) requireModel(options);
}

/** Throws `invalid-option` for an option that is neither one of `others` nor a number that every run has. */
export function checkNames(options: object, others: readonly string[]): void {
  const accepted = [...Object.keys(scalarOptions.shape), ...others];
  const unknown = Object.keys(options).find((name) => !accepted.includes(name));
  if (unknown) throw invalidOption(unknown, `is not an option; accepted are ${accepted.join(', ')}`);
}

/** Throws `invalid-option` for a wrong type or a number out of range; `more` has the numbers of a kind of run. */
export function checkScalars(
  options: Pick<SessionOptions, 'maxCost' | 'prices'>,
  more: z.ZodRawShape = {},
): void {
  const { error } = scalarOptions.extend(more).safeParse(options);
  const issue = error?.issues[0];
  if (issue) {
    const path = issue.path.map(String);
    const value = path.reduce<unknown>(
      (part, key) => (part as Record<string, unknown> | undefined)?.[key],
      options,
    );
    throw invalidOption(
      path.join('.'),
      `${issue.message.toLowerCase()}; received ${JSON.stringify(value) ?? String(value)}`,
    );
  }
  if (options.maxCost !== undefined && options.prices === undefined) {
    throw invalidOption('maxCost', 'needs prices (money per million tokens) to be kept');
  }
}

/** Who quotes cannot fill in a schema, and a reader of one's own takes it when it is created. */
function requireModel({ model, reader }: ReadingOptions): void {
  if (typeof reader === 'object') {
    throw invalidOption('schema', 'is not known to a reader of your own; give it to createModelReader');
  }
  if (model === undefined || reader === 'extractive') {
    throw invalidOption('schema', 'needs a language model: give one as model, and no extractive reader');
  }
}

/** An `invalid-option` error about the option `name`. */
export function invalidOption(name: string, problem: string): MemagentError {
  return new MemagentError(`Option ${name} ${problem}.`, { code: 'invalid-option', data: { option: name } });
}
