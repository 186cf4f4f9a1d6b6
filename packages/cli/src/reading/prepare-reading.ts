/** Turns settings into the options of the library. */
import { createLimits, loadTemplate, type ReadingOptions, type SessionOptions } from '@memagent/core';
import { defined } from '../defined.ts';
import { checkReachable } from '../model/check-reachable.ts';
import { chooseEndpoint } from '../model/choose-endpoint.ts';
import { chooseModel, type ModelChoice } from '../model/choose-model.ts';
import type { ModelSpec } from '../model/model-spec.ts';
import { openModel } from '../model/open-model.ts';
import type { LoadedSettings } from '../settings/load-settings.ts';
import type { Settings } from '../settings/settings.ts';
import type { Shell } from '../shell.ts';
import { usageError } from '../usage-error.ts';
import type { ClientNote } from './client-note.ts';

export interface PreparedReading {
  reading: ReadingOptions;
  session: SessionOptions;
  client: ClientNote;
  spec: ModelSpec | undefined;
}

/** Chooses and opens the model, and says so where the choice was not the user's. */
export async function prepareReading(
  loaded: LoadedSettings,
  shell: Shell,
  { isAsked = true, isQuiet = false }: { isAsked?: boolean; isQuiet?: boolean } = {},
): Promise<PreparedReading> {
  const { settings } = loaded;
  const { spec, note } = await chooseReadingModel(loaded, shell);
  if (spec === undefined && settings.reader === 'model') {
    throw usageError('The model reader needs a model: name one with --model, see docs/models.md.');
  }
  if (note !== undefined && !isQuiet) shell.say(note);
  if (spec !== undefined && isAsked) await checkReachable(spec, shell.signal);
  const session = sessionOptions(settings, shell.signal);
  return {
    reading: await readingOptions(settings, spec, shell, isAsked),
    session,
    spec,
    client: {
      model: spec ?? null,
      ...(settings.tokenizer === undefined ? {} : { tokenizer: settings.tokenizer }),
      ...(session.prices === undefined ? {} : { prices: session.prices }),
    },
  };
}

/** The extractive reader asks no model, and the evidence reader only one that is named: none is looked for. */
export async function chooseReadingModel(
  { flags, config, settings }: LoadedSettings,
  { environment, signal }: Shell,
): Promise<ModelChoice> {
  const { model, baseUrl } = chooseEndpoint(flags, config, environment);
  const isNamed = model !== undefined || baseUrl !== undefined;
  if (settings.reader === 'extractive' || (settings.reader === 'evidence' && !isNamed))
    return { spec: undefined };
  return chooseModel({ flags, config, environment, signal });
}

/** What decides how the document is read. Only what is set is there: the rest is the library's, or the run's. */
export async function readingOptions(
  settings: Settings,
  spec: ModelSpec | undefined,
  { environment }: Shell,
  isAsked = true,
): Promise<ReadingOptions> {
  const { reader, strategy, template, tokenizer, temperature, topP, seed, reasoning } = settings;
  const { window, sectionTokens, memoryTokens, outputTokens, questionTokens } = settings;
  const { model, reasoningOptions } =
    spec === undefined ? {} : await openModel(spec, environment, { isAsked });
  const isReasoningOff = reasoning === undefined || reasoning === 'none';
  return defined({
    model,
    reasoningOptions: isReasoningOff ? reasoningOptions : undefined,
    reader,
    strategy,
    template: template === undefined ? undefined : await loadTemplate(template),
    tokenizer,
    window,
    sectionTokens,
    memoryTokens,
    outputTokens,
    questionTokens,
    temperature,
    topP,
    seed,
    reasoning,
  });
}

/** What decides how calls are made. */
export function sessionOptions(settings: Settings, signal: AbortSignal): SessionOptions {
  const { maxTokens, maxCost, maxTime, prices, concurrency, rpm, tpm, retries, timeout } = settings;
  if (prices && (prices.input === undefined || prices.output === undefined)) {
    throw usageError('Prices come in pairs: give both --price-in and --price-out (per million tokens).');
  }
  if (maxCost !== undefined && prices === undefined) {
    throw usageError('--max-cost needs prices: give --price-in and --price-out (per million tokens).');
  }
  return defined({
    maxTokens,
    maxCost,
    maxTimeMs: maxTime,
    prices: prices as SessionOptions['prices'],
    concurrency,
    retry: defined({ retries, timeoutMs: timeout }),
    limits: createLimits(defined({ concurrency, requestsPerMinute: rpm, tokensPerMinute: tpm })),
    signal,
  });
}
