/** What a run would use, before any call is made. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { costOf } from '../model/price.ts';
import { cutSections } from '../section/cut-sections.ts';
import { mayHoldSeveral } from '../source/may-hold-several.ts';
import { openSources } from '../source/open-sources.ts';
import type { WindowPlan } from '../window/window-plan.ts';
import { prepareReading, type Reading } from './prepare-reading.ts';
import { checkOptions, defaultConcurrency, type ReadOptions } from './read-options.ts';
import { createSectionLimits } from './section-limits.ts';

export interface EstimateOptions extends Omit<ReadOptions, 'runId' | 'store' | 'home'> {
  /** Speed of the model in tokens per second, for `seconds`: reading prompts and writing replies. */
  speed?: { promptTokensPerSecond?: number; tokensPerSecond: number };
}

/** Counts of the document are exact, those of the calls are upper bounds; retries are not foreseen. */
export interface Estimate {
  sections: number;
  /** Tokens of the document. */
  tokens: number;
  calls: number;
  promptTokens: number;
  completionTokens: number;
  /** Where prices are given. */
  cost?: number;
  /** Where a speed is given; calls one after the other. */
  seconds?: number;
  model: string | null;
  strategy: string;
  /** False when token counts are upper bounds because the tokenizer is not known. */
  exact: boolean;
  window: WindowPlan;
}

/** Reads the document once, without any call, and says what answering the question would use at most. */
export async function estimate({ speed, ...options }: EstimateOptions): Promise<Estimate> {
  checkOptions(options);
  return estimateRun(await prepareReading(options.question, options), { ...options, speed });
}

/** What a run of these parts would use. */
export async function estimateRun(
  { reader, strategy, tokenizer, window, settings }: Reading,
  options: Pick<EstimateOptions, 'source' | 'signal' | 'prices' | 'concurrency'> & {
    speed: EstimateOptions['speed'] | undefined;
  },
): Promise<Estimate> {
  const { signal = new AbortController().signal, prices, speed } = options;
  const { question } = settings;
  const ahead = strategy.readsAhead?.(options.concurrency ?? defaultConcurrency) ?? 1;
  const maxTokens = window.sectionTokens;
  const limits = createSectionLimits({ question, reader, window, ahead, maxTokens });
  const folder = await mkdtemp(join(tmpdir(), 'memagent-'));
  try {
    const sources = openSources(options.source, { folder: async () => folder, signal });
    const document = { sections: 0, tokens: 0 };
    for await (const section of cutSections(sources, {
      tokenizer: (number) => limits.tokenizerFor(number, tokenizer),
      maxTokens: (number) => limits.tokensFor(number, tokenizer),
      headers: mayHoldSeveral(options.source),
      signal,
    })) {
      document.sections += 1;
      document.tokens += limits.count(section, tokenizer);
    }
    // A reader without a language model makes no calls, whatever the strategy.
    const use =
      settings.model === null
        ? { calls: 0, promptTokens: 0, completionTokens: 0 }
        : strategy.estimate(document, window);
    return {
      ...document,
      ...use,
      ...(prices ? { cost: costOf({ ...use, cachedTokens: 0 }, prices) } : {}),
      ...(speed ? { seconds: secondsFor(use, speed) } : {}),
      model: settings.model,
      strategy: strategy.name,
      exact: tokenizer.exact,
      window,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Reading a prompt is commonly ten times as fast as writing, or more; taken as that where it is not given. */
function secondsFor(
  use: { promptTokens: number; completionTokens: number },
  { tokensPerSecond, promptTokensPerSecond = tokensPerSecond * 10 }: NonNullable<EstimateOptions['speed']>,
): number {
  return use.promptTokens / promptTokensPerSecond + use.completionTokens / tokensPerSecond;
}
