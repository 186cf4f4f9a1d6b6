/** Turns the options of `extract` into the parts of a run. */
import type { FlexibleSchema, LanguageModel } from 'ai';
import { MemagentError } from '../errors.ts';
import { restoreModelReader } from '../reader/model-reader-settings.ts';
import { modelOptions, type Reading } from '../run/prepare-reading.ts';
import { invalidOption, type ReadingOptions, type SessionOptions } from '../run/read-options.ts';
import type { RunSettings } from '../run/settings.ts';
import { resolveSchema } from '../structured/answer-schema.ts';
import type { JsonSchema } from '../structured/json-schema.ts';
import { selectTokenizer } from '../tokenizer/select-tokenizer.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { leastSectionTokens, seamTokens } from '../window/plan-window.ts';
import type { WindowPlan } from '../window/window-plan.ts';
import { createExtractStrategy } from './extract-strategy.ts';
import { createRecordReader, type RecordReader } from './record-reader.ts';
import { fieldsOf } from './record-schema.ts';

/** What decides how records are collected. All of it must be the same when a run is resumed. */
export interface ExtractionOptions<T = unknown> extends Omit<
  ReadingOptions,
  'model' | 'reader' | 'strategy' | 'memoryTokens' | 'schema'
> {
  /** Any model of the AI SDK. */
  model: LanguageModel;
  /** One record: an object with named properties, as zod, another Standard Schema, or the AI SDK's `jsonSchema(…)`. */
  schema: FlexibleSchema<T>;
  /** What to collect, in words. Default: every record that the schema describes. */
  instructions?: string;
  /**
   * Fields that tell records apart: mentions that agree in all of them, whatever their spelling, are one record.
   * Default: mentions are one record that are alike in all fields.
   */
  key?: readonly string[];
  /** How alike mentions without a key must be, on average over their fields, from 0 to 1 (default 0.9; 1: in spelling alone). */
  similarity?: number;
  /** Most tokens of the section before that are shown with a section. Default 256. */
  overlapTokens?: number;
}

/** Replies are long: each record comes with its quotations. */
export const extractionBudgets = Object.freeze({
  window: 8192,
  sectionTokens: 2048,
  overlapTokens: 256,
  outputTokens: 4096,
  questionTokens: 1024,
});

const defaultInstructions = 'Every record that the schema describes.';

const defaultSimilarity = 0.9;

/** What is asked for is what the text says, not a variation on it. */
const defaultTemperature = 0;

/** Throws `invalid-option`, `question-too-long` or `window-too-small` before anything is spent. */
export async function prepareExtraction(options: ExtractionOptions & SessionOptions): Promise<Reading> {
  const { instructions = defaultInstructions, key = [], similarity = defaultSimilarity } = options;
  const schema = await resolveSchema(options.schema);
  const fields = fieldsOf(schema.json);
  const unknown = key.find((field) => !fields.includes(field));
  if (unknown !== undefined) {
    throw invalidOption('key', `names ${JSON.stringify(unknown)}, but the schema has ${fields.join(', ')}`);
  }
  const temperature = options.temperature ?? defaultTemperature;
  const asked = await modelOptions(options.model, { ...options, temperature });
  const reader = createRecordReader({ ...asked, schema }, { key, similarity });
  const tokenizer = await selectTokenizer(options.tokenizer, reader.model);
  const budgets = {
    window: options.window ?? extractionBudgets.window,
    sectionTokens: options.sectionTokens ?? extractionBudgets.sectionTokens,
    memoryTokens: options.overlapTokens ?? extractionBudgets.overlapTokens,
    outputTokens: options.outputTokens ?? extractionBudgets.outputTokens,
    questionTokens: options.questionTokens ?? extractionBudgets.questionTokens,
  };
  const strategy = createExtractStrategy(reader, { key, similarity });
  return {
    reader,
    strategy,
    tokenizer,
    window: planExtraction(budgets, instructions, tokenizer, reader),
    settings: {
      question: instructions,
      reader: reader.name,
      readerSettings: reader.settings,
      model: reader.model ? `${reader.model.provider}/${reader.model.modelId}` : null,
      strategy: strategy.name,
      tokenizer: tokenizer.name,
      ...budgets,
    },
    schema: undefined,
    prices: options.prices,
  };
}

/** The window of a call: what is carried over from the section before stands in the memory's place. */
function planExtraction(
  budgets: Pick<RunSettings, 'window' | 'sectionTokens' | 'memoryTokens' | 'outputTokens' | 'questionTokens'>,
  instructions: string,
  tokenizer: Tokenizer,
  reader: RecordReader,
): WindowPlan {
  const { window, memoryTokens, outputTokens } = budgets;
  const questionTokens = tokenizer.count(instructions);
  if (questionTokens > budgets.questionTokens) {
    throw new MemagentError(
      `The instructions have ${questionTokens} tokens, ${questionTokens - budgets.questionTokens} more than their budget of ${budgets.questionTokens}. Shorten them, or raise questionTokens.`,
      { code: 'question-too-long', data: { questionTokens, budget: budgets.questionTokens } },
    );
  }
  const overhead = reader.overhead(instructions, tokenizer);
  const room = window - overhead.update - seamTokens - outputTokens - memoryTokens;
  const sectionTokens = Math.min(budgets.sectionTokens, room);
  const missing = Math.min(leastSectionTokens, budgets.sectionTokens) - sectionTokens;
  if (missing > 0) {
    throw new MemagentError(
      `The window of ${window} tokens leaves ${sectionTokens} for a section, ${missing} too few: prompt, instructions and schema take ${overhead.update}, what is repeated of the section before ${memoryTokens}, output ${outputTokens}. Raise the window, or lower outputTokens.`,
      { code: 'window-too-small', data: { missing, sectionTokens, overhead: overhead.update } },
    );
  }
  return {
    window,
    sectionTokens,
    memoryTokens,
    outputTokens,
    questionTokens,
    mergeTokens: 0,
    evidenceTokens: 0,
    overhead,
  };
}

/** Whether a run collects records. */
export function isExtraction({ reader }: Pick<RunSettings, 'reader'>): boolean {
  return reader === 'extract';
}

/** How the records of a run are told apart, as its settings keep it. */
export function recordOptions(settings: RunSettings): {
  schema: JsonSchema;
  key: string[];
  similarity: number;
} {
  return settings.readerSettings as { schema: JsonSchema; key: string[]; similarity: number };
}

/** The options that a run began with, as far as they can be kept: the model has to be given again. */
export async function restoreExtraction(settings: RunSettings): Promise<Omit<ExtractionOptions, 'model'>> {
  const { jsonSchema } = await import('ai');
  const { question, readerSettings, tokenizer, memoryTokens } = settings;
  const { window, sectionTokens, outputTokens, questionTokens } = settings;
  const { key, similarity, schema } = recordOptions(settings);
  const { jsonSchema: _schema, ...asked } = restoreModelReader(readerSettings);
  return {
    ...asked,
    instructions: question,
    schema: jsonSchema(schema),
    key,
    similarity,
    overlapTokens: memoryTokens,
    window,
    sectionTokens,
    outputTokens,
    questionTokens,
    // A Hugging Face tokenizer is known by its content, not by where it lies: it has to be given again.
    ...(tokenizer.startsWith('hf:') ? {} : { tokenizer }),
  };
}
