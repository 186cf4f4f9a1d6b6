/**
 * Middleware that gives any model of the AI SDK prompts of any length: what does not fit is read into a memory, and
 * the model gets the memory in the document's place. So tools, structured output and streaming stay the model's own.
 */
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Middleware,
  LanguageModelV4StreamPart,
  SharedV4ProviderMetadata,
} from '@ai-sdk/provider';
import { createHash } from 'node:crypto';
import { findDocument, type FoundDocument } from '../chat/find-document.ts';
import { inPlaceOf } from '../chat/in-place-of.ts';
import type { Citation } from '../citation/citation.ts';
import { MemagentError } from '../errors.ts';
import { noUsage, type Usage } from '../model/usage.ts';
import type { Reader } from '../reader/reader.ts';
import { prepareReading } from '../run/prepare-reading.ts';
import { untilAborted } from '../source/until-aborted.ts';
import { selectTokenizer } from '../tokenizer/select-tokenizer.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { defaultBudgets } from '../window/plan-window.ts';
import { askedFor } from '../chat/asked-for.ts';
import { toSources } from './citation-source.ts';
import { addModelUsage } from './model-usage.ts';
import { documentSource, listPromptParts, type PromptPart, replaceDocument } from './prompt-parts.ts';
import { countCall } from './prompt-size.ts';
import { type ModelRunOptions, runReading } from './run-reading.ts';

/** Options of `longContext`: those of `read`, but for question, source and signal, which each call brings. */
export interface LongContextOptions extends Omit<ModelRunOptions, 'strategy'> {
  /** Tokens that the wrapped model takes, prompt and output together. Default 8,192. */
  window?: number;
  /** Who reads; default: the wrapped model itself. */
  model?: NonNullable<ModelRunOptions['model']>;
  /** Tokens that the model takes which reads, where it is another one. Default: `window`. */
  readingWindow?: number;
  /** Memories that are kept for calls to come, as the steps of a tool loop make them. Default 16. */
  keptMemories?: number;
}

/** What was read for a call. */
interface Read {
  runId: string;
  memory: string;
  citations: Citation[];
  usage: Usage;
}

/**
 * Makes the middleware. A prompt that fits the window goes through untouched. Usage is that of the call and of the
 * reading together; `providerMetadata.memagent` names the run. Calls throw what `findDocument` and `read` throw, and
 * `window-exceeded` where a memory has no room beside the rest of the prompt, before anything is read.
 *
 * @example
 * const model = wrapLanguageModel({ model: openai('gpt-5-mini'), middleware: longContext({ window: 128_000 }) });
 */
export function longContext({
  keptMemories = 16,
  readingWindow,
  ...options
}: LongContextOptions = {}): LanguageModelV4Middleware {
  const {
    window = defaultBudgets.window,
    memoryTokens = defaultBudgets.memoryTokens,
    outputTokens = defaultBudgets.outputTokens,
    questionTokens = defaultBudgets.questionTokens,
  } = options;
  // Who quotes looks for the words that it is given: neither a model nor instructions are of use to it.
  const readsByModel = options.reader !== 'evidence' && options.reader !== 'extractive';
  const tokenizers = new Map<string, Promise<Tokenizer>>();
  /** In the order of their use; each is a reading that may still be at work. */
  const kept = new Map<string, Promise<Read>>();

  function tokenizerOf(model: LanguageModelV4): Promise<Tokenizer> {
    const { provider, modelId } = model;
    const name = `${provider}/${modelId}`;
    const known = tokenizers.get(name) ?? selectTokenizer(options.tokenizer, model);
    tokenizers.set(name, known);
    return known;
  }

  /** The call with the memory in it, and what was read for it; undefined if the call fits as it is. */
  async function shorten(
    call: LanguageModelV4CallOptions,
    model: LanguageModelV4,
  ): Promise<{ call: LanguageModelV4CallOptions; read: Read; usage: Usage } | undefined> {
    const tokenizer = await tokenizerOf(model);
    const limit = window - (call.maxOutputTokens ?? outputTokens);
    const parts = listPromptParts(call.prompt, false);
    // What a file holds that is no text, nobody knows but who reads it.
    const isMarkedFile = parts.some(({ isDocument, text }) => isDocument === true && text === undefined);
    if (!isMarkedFile && countCall(call, tokenizer, limit) <= limit) return undefined;

    const fitsQuestion = (text: string): boolean => tokenizer.count(text) <= questionTokens;
    const found = await findDocument(parts, { fitsQuestion });
    const question = readsByModel ? askedFor(found, fitsQuestion) : found.question;
    const withMemory = (memory: string): LanguageModelV4CallOptions => ({
      ...call,
      prompt: replaceDocument(call.prompt, parts, found.document, inPlaceOf(memory)),
    });
    // Known before anything is paid for: there has to be room for as long a memory as there may be.
    const least = countCall(withMemory(''), tokenizer, limit) + memoryTokens;
    if (least > limit) throw tooLong(least, limit, window);

    const { read, isNew } = await remember(parts, { ...found, question }, call.abortSignal, model);
    const shortened = withMemory(read.memory);
    // Who reads may count in other tokens.
    const tokens = countCall(shortened, tokenizer, limit);
    if (tokens > limit) throw tooLong(tokens, limit, window);
    return { call: shortened, read, usage: isNew ? read.usage : noUsage };
  }

  /** Reads, unless the same document was read for the same question. What was kept has been paid for. */
  async function remember(
    parts: readonly PromptPart[],
    found: FoundDocument,
    signal: AbortSignal | undefined,
    model: LanguageModelV4,
  ): Promise<{ read: Read; isNew: boolean }> {
    const key = keyOf(parts, found);
    const known = kept.get(key);
    if (known) {
      kept.delete(key);
      kept.set(key, known);
      // Another call may have begun it, and been given up: then it is this call's to read.
      const read = await (signal ? untilAborted(known, signal) : known).catch(() => undefined);
      signal?.throwIfAborted();
      if (read) return { read, isNew: false };
    }
    const reading = readMemory(parts, found, signal, model);
    kept.set(key, reading);
    reading.catch(() => kept.get(key) === reading && kept.delete(key));
    for (const oldest of kept.keys()) {
      if (kept.size <= keptMemories) break;
      kept.delete(oldest);
    }
    return { read: await reading, isNew: true };
  }

  async function readMemory(
    parts: readonly PromptPart[],
    { question, document }: FoundDocument,
    signal: AbortSignal | undefined,
    model: LanguageModelV4,
  ): Promise<Read> {
    const reading = {
      ...options,
      window: readingWindow ?? window,
      ...(readsByModel && { model: options.model ?? model }),
    };
    const { reader } = await prepareReading(question, reading);
    const { model: _model, ...rest } = reading;
    const { runId, memory, citations, usage } = await runReading({
      ...rest,
      reader: withoutAnswer(reader),
      question,
      source: documentSource(parts, document),
      ...(signal && { signal }),
    });
    return { runId, memory, citations, usage };
  }

  return {
    specificationVersion: 'v4',
    async wrapGenerate({ doGenerate, params, model }) {
      const shortened = await shorten(params, model);
      if (!shortened) return doGenerate();
      const { read, usage } = shortened;
      const result = await model.doGenerate(shortened.call);
      const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
      return {
        ...result,
        content: [...result.content, ...toSources(read.runId, citedIn(text, read.citations))],
        usage: addModelUsage(result.usage, usage),
        providerMetadata: withRun(result.providerMetadata, read),
      };
    },
    async wrapStream({ doStream, params, model }) {
      const shortened = await shorten(params, model);
      if (!shortened) return doStream();
      const { read, usage } = shortened;
      const result = await model.doStream(shortened.call);
      let text = '';
      return {
        ...result,
        stream: result.stream.pipeThrough(
          new TransformStream<LanguageModelV4StreamPart, LanguageModelV4StreamPart>({
            transform(part, controller) {
              if (part.type === 'text-delta') text += part.delta;
              if (part.type !== 'finish') return controller.enqueue(part);
              for (const source of toSources(read.runId, citedIn(text, read.citations))) {
                controller.enqueue(source);
              }
              controller.enqueue({
                ...part,
                usage: addModelUsage(part.usage, usage),
                providerMetadata: withRun(part.providerMetadata, read),
              });
            },
          }),
        ),
      };
    },
  };
}

/** A reader that answers with its memory: the wrapped model is the one to answer. */
function withoutAnswer(reader: Reader): Reader {
  return {
    ...reader,
    answer: async ({ memory: { text } }) => ({ text, found: text !== '', usage: noUsage }),
  };
}

function keyOf(parts: readonly PromptPart[], { question, document }: FoundDocument): string {
  const hash = createHash('sha256').update(question);
  for (const { part, start, end } of document) {
    const { content = '', file } = parts[part] ?? {};
    hash.update('\0').update(content.slice(start, end));
    if (file?.data.type === 'data') hash.update(file.data.data);
  }
  return hash.digest('base64');
}

/** The places behind the marks that a text has taken over from the memory. */
function citedIn(text: string, citations: readonly Citation[]): Citation[] {
  const marks = new Set([...text.matchAll(/\[(\d+)\]/g)].map(([, mark]) => Number(mark)));
  return citations.filter(({ mark }) => marks.has(mark));
}

function withRun(
  metadata: SharedV4ProviderMetadata | undefined,
  { runId, memory }: Read,
): SharedV4ProviderMetadata {
  return { ...metadata, memagent: { runId, memory } };
}

function tooLong(tokens: number, limit: number, window: number): MemagentError {
  return new MemagentError(
    `With a memory in the document's place the prompt still takes ${tokens} tokens or more, and the window of ${window} leaves ${limit} for it. Shorten the other messages, lower memoryTokens or maxOutputTokens, or give the model's whole window (window).`,
    { code: 'window-exceeded', data: { tokens, limit, window } },
  );
}
