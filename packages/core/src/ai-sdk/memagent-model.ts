/** The reading agent as a language model of the AI SDK: a prompt of any length in, an answer with its sources out. */
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
  SharedV4Warning,
} from '@ai-sdk/provider';
import { findDocument } from '../chat/find-document.ts';
import type { Sampling } from '../model/send-request.ts';
import { resolveModel } from '../model/resolve-model.ts';
import { selectTokenizer } from '../tokenizer/select-tokenizer.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { defaultBudgets } from '../window/plan-window.ts';
import { askedFor } from '../chat/asked-for.ts';
import { toSources } from './citation-source.ts';
import { toModelUsage } from './model-usage.ts';
import { documentSource, listPromptParts } from './prompt-parts.ts';
import { countCall } from './prompt-size.ts';
import { type ModelRunOptions, runReading } from './run-reading.ts';

/** Options of `memagentModel`: those of `read`, but for question, source and signal, which each call brings. */
export interface MemagentModelOptions extends ModelRunOptions {
  /** Default: `memagent/` and the name of the model behind it, or of the reader. */
  modelId?: string;
}

/**
 * Makes a model that reads. Document and question are found in the prompt by `findDocument`; files are documents. A
 * prompt that fits the window goes to `model` as it came, tools and all; without `model`, everything is read.
 * `doGenerate` and `doStream` throw what `findDocument` and `read` throw.
 *
 * @example
 * const { text, sources, totalUsage } = await generateText({
 *   model: memagentModel({ model: openai('gpt-5-mini') }),
 *   prompt: `${book}\n\nWho inherits Bald Hills?`,
 * });
 */
export function memagentModel({ modelId, ...options }: MemagentModelOptions = {}): LanguageModelV4 {
  const id = modelId ?? `memagent/${nameOf(options)}`;
  const {
    window = defaultBudgets.window,
    outputTokens = defaultBudgets.outputTokens,
    questionTokens = defaultBudgets.questionTokens,
  } = options;
  let tokenizer: Promise<Tokenizer> | undefined;

  async function chooseTokenizer(): Promise<Tokenizer> {
    if (typeof options.tokenizer === 'object') return options.tokenizer;
    return selectTokenizer(options.tokenizer, options.model && (await resolveModel(options.model)));
  }

  /** The model behind, if the call fits its window. */
  async function passThrough(call: LanguageModelV4CallOptions): Promise<LanguageModelV4 | undefined> {
    if (options.model === undefined) return undefined;
    const limit = window - (call.maxOutputTokens ?? outputTokens);
    const parts = listPromptParts(call.prompt, true);
    if (parts.some(({ file }) => file?.data.type === 'data')) return undefined;
    return countCall(call, await (tokenizer ??= chooseTokenizer()), limit) <= limit
      ? resolveModel(options.model)
      : undefined;
  }

  async function answer(call: LanguageModelV4CallOptions): Promise<LanguageModelV4GenerateResult> {
    call.abortSignal?.throwIfAborted();
    const { prompt, abortSignal, responseFormat } = call;
    const counts = await (tokenizer ??= chooseTokenizer());
    const fitsQuestion = (text: string): boolean => counts.count(text) <= questionTokens;
    const parts = listPromptParts(prompt, true);
    const found = await findDocument(parts, { fitsQuestion });
    const schema =
      responseFormat?.type === 'json' && responseFormat.schema !== undefined
        ? (await import('ai')).jsonSchema(responseFormat.schema)
        : undefined;
    const result = await runReading({
      ...options,
      ...samplingOf(call),
      providerOptions: { ...options.providerOptions, ...call.providerOptions },
      ...(abortSignal && { signal: abortSignal }),
      ...(schema && { schema }),
      // Who quotes looks for the words that it is given: instructions would lead it astray.
      question: options.model === undefined ? found.question : askedFor(found, fitsQuestion),
      source: documentSource(parts, found.document),
    });
    const { runId, usage, citations, sections, tokens } = result;
    return {
      content: [{ type: 'text', text: result.answer }, ...toSources(runId, citations)],
      finishReason: { unified: 'stop', raw: undefined },
      usage: toModelUsage(usage),
      warnings: warningsOf(call),
      response: { id: runId, modelId: id, timestamp: new Date() },
      providerMetadata: {
        memagent: { runId, rule: found.rule, found: result.found, sections, tokens, memory: result.memory },
      },
    };
  }

  return {
    specificationVersion: 'v4',
    provider: 'memagent',
    modelId: id,
    supportedUrls: {},
    async doGenerate(call) {
      const model = await passThrough(call);
      return model ? model.doGenerate(call) : answer(call);
    },
    async doStream(call) {
      const model = await passThrough(call);
      return model ? model.doStream(call) : { stream: streamOf(await answer(call)) };
    },
  };
}

function nameOf({ model, reader }: MemagentModelOptions): string {
  if (typeof model === 'object') return model.modelId;
  return model ?? (typeof reader === 'object' ? reader.name : (reader ?? 'evidence'));
}

/** What a call says of sampling, which goes before what the model was made with. */
function samplingOf({ temperature, topP, seed, reasoning }: LanguageModelV4CallOptions): Sampling {
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(seed === undefined ? {} : { seed }),
    ...(reasoning === undefined || reasoning === 'provider-default' ? {} : { reasoning }),
  };
}

/** What a reading cannot do for a call. */
function warningsOf(call: LanguageModelV4CallOptions): SharedV4Warning[] {
  const details = 'Not where a prompt is read; longContext keeps it.';
  const names = [
    'tools',
    'maxOutputTokens',
    'stopSequences',
    'topK',
    'presencePenalty',
    'frequencyPenalty',
  ] as const;
  return names
    .filter((name) => {
      const value = call[name];
      return Array.isArray(value) ? value.length > 0 : value !== undefined;
    })
    .map((feature) => ({ type: 'unsupported', feature, details }));
}

/** The answer is there at once when the memory is asked for it, so it is one delta. */
function streamOf(result: LanguageModelV4GenerateResult): ReadableStream<LanguageModelV4StreamPart> {
  const { content, finishReason, usage, warnings, response, providerMetadata } = result;
  return new ReadableStream({
    start(controller) {
      controller.enqueue({ type: 'stream-start', warnings });
      controller.enqueue({ type: 'response-metadata', ...response });
      for (const part of content) {
        if (part.type === 'text') {
          controller.enqueue({ type: 'text-start', id: 'answer' });
          controller.enqueue({ type: 'text-delta', id: 'answer', delta: part.text });
          controller.enqueue({ type: 'text-end', id: 'answer' });
        } else if (part.type === 'source') controller.enqueue(part);
      }
      controller.enqueue({
        type: 'finish',
        finishReason,
        usage,
        ...(providerMetadata ? { providerMetadata } : {}),
      });
      controller.close();
    },
  });
}
