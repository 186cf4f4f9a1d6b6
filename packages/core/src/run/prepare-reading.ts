/** Turns options into the parts of a run: reader, strategy, tokenizer, division of the window, settings. */
import type { LanguageModel } from 'ai';
import type { Prices } from '../model/price.ts';
import { processLimits } from '../model/limits.ts';
import { resolveModel } from '../model/resolve-model.ts';
import { defaultRetryPolicy } from '../model/retry-policy.ts';
import { defaultTemplate } from '../prompt/default-template.ts';
import { createEvidenceReader } from '../evidence/evidence-reader.ts';
import { createExtractiveReader } from '../reader/extractive-reader.ts';
import { createModelReader, type ModelReaderOptions } from '../reader/model-reader.ts';
import type { Reader } from '../reader/reader.ts';
import { memoryStrategy } from '../strategy/memory.ts';
import { findStrategy } from '../strategy/strategies.ts';
import type { Strategy } from '../strategy/strategy.ts';
import { type AnswerSchema, resolveSchema } from '../structured/answer-schema.ts';
import { selectTokenizer } from '../tokenizer/select-tokenizer.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { defaultBudgets, planWindow } from '../window/plan-window.ts';
import type { WindowPlan } from '../window/window-plan.ts';
import { invalidOption, type ReadingOptions, type SessionOptions } from './read-options.ts';
import type { RunSettings } from './settings.ts';

export interface Reading {
  reader: Reader;
  strategy: Strategy;
  tokenizer: Tokenizer;
  window: WindowPlan;
  settings: RunSettings;
  /** The answer follows it, where there is one. */
  schema: AnswerSchema | undefined;
  prices: Prices | undefined;
}

/** Sampling of the paper's evaluation. */
const defaultSampling = Object.freeze({ temperature: 0.7, topP: 0.95, reasoning: 'none' as const });

/** Throws `invalid-option`, `question-too-long` or `window-too-small` before anything is spent. */
export async function prepareReading(
  question: string,
  options: ReadingOptions & SessionOptions,
): Promise<Reading> {
  const schema = options.schema === undefined ? undefined : await resolveSchema(options.schema);
  const reader = await chooseReader(options, schema);
  const { strategy = memoryStrategy } = options;
  const tokenizer = await selectTokenizer(options.tokenizer, reader.model);
  const budgets = {
    window: options.window ?? defaultBudgets.window,
    sectionTokens: options.sectionTokens ?? defaultBudgets.sectionTokens,
    memoryTokens: options.memoryTokens ?? defaultBudgets.memoryTokens,
    outputTokens: options.outputTokens ?? defaultBudgets.outputTokens,
    questionTokens: options.questionTokens ?? defaultBudgets.questionTokens,
  };
  const chosen = typeof strategy === 'string' ? findStrategy(strategy) : strategy;
  return {
    reader,
    strategy: chosen,
    tokenizer,
    window: planWindow(budgets, question, tokenizer, reader.overhead(question, tokenizer)),
    settings: {
      question,
      reader: reader.name,
      readerSettings: reader.settings,
      model: reader.model ? `${reader.model.provider}/${reader.model.modelId}` : null,
      strategy: chosen.name,
      tokenizer: tokenizer.name,
      ...budgets,
    },
    schema,
    prices: options.prices,
  };
}

async function chooseReader(
  options: ReadingOptions & SessionOptions,
  schema: AnswerSchema | undefined,
): Promise<Reader> {
  const { model, reader = model === undefined ? 'evidence' : 'model' } = options;
  if (typeof reader === 'object') return reader;
  if (reader === 'extractive') return createExtractiveReader();
  if (reader === 'evidence')
    return createEvidenceReader(
      model === undefined ? {} : { model: await modelReader(model, options, schema) },
    );
  if (model === undefined) throw invalidOption('reader', 'is "model", but no model was given');
  return modelReader(model, options, schema);
}

async function modelReader(
  model: LanguageModel,
  options: ReadingOptions & SessionOptions,
  schema: AnswerSchema | undefined,
): Promise<Reader> {
  return createModelReader({ ...(await modelOptions(model, options)), schema });
}

/** How a model is asked, by the options of a run. */
export async function modelOptions(
  model: LanguageModel,
  options: ReadingOptions & SessionOptions,
): Promise<ModelReaderOptions> {
  return {
    model: await resolveModel(model),
    template: options.template ?? defaultTemplate,
    limits: options.limits ?? processLimits,
    retry: { ...defaultRetryPolicy, ...options.retry },
    prices: options.prices,
    sampling: {
      temperature: options.temperature ?? defaultSampling.temperature,
      topP: options.topP ?? defaultSampling.topP,
      reasoning: options.reasoning ?? defaultSampling.reasoning,
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      ...(options.providerOptions === undefined ? {} : { providerOptions: options.providerOptions }),
      ...(options.reasoningOptions === undefined ? {} : { reasoningOptions: options.reasoningOptions }),
    },
  };
}
