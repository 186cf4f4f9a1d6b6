/**
 * A language model that replays a script, for tests of anything that calls one. It is an AI SDK
 * `LanguageModelV4`, so it goes wherever a real model goes. Replies are taken in the order of the calls; each
 * call is recorded before it is answered; a call too many is an error, so that a test notices it.
 */
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import { setTimeout as delay } from 'node:timers/promises';
import { MemagentError } from '../errors.ts';
import type { PromptMessage, Tokenizer } from '../tokenizer/tokenizer.ts';

/** One reply of a script. A string is its text. A function decides when it is called. */
export type ScriptedReply = string | ScriptedReplyParts | ScriptedReplyFunction;

/** A reply that is made for one call. `index` counts calls from 0. */
export type ScriptedReplyFunction = (
  call: LanguageModelV4CallOptions,
  index: number,
) => string | ScriptedReplyParts | Promise<string | ScriptedReplyParts>;

export interface ScriptedReplyParts {
  /** Default: no text at all. */
  text?: string;
  /** A reasoning part before the text. */
  reasoning?: string;
  /** Default: `stop`. */
  finishReason?: LanguageModelV4FinishReason['unified'];
  /** Token counts to report. Without them: counted if there is a tokenizer, otherwise left out. */
  usage?: {
    promptTokens?: number;
    completionTokens?: number;
    cachedTokens?: number;
    reasoningTokens?: number;
  };
  /** What the provider's adapter says about the call. */
  warnings?: LanguageModelV4GenerateResult['warnings'];
  /** Time before the reply, or the error; ends at once when the call is aborted. */
  delayMs?: number;
  /** Thrown instead of a reply. */
  error?: unknown;
}

export interface ScriptedModelOptions {
  /** Default: `scripted`. */
  provider?: string;
  /** Default: `scripted`. */
  modelId?: string;
  /** Counts tokens where a reply says nothing of usage. */
  tokenizer?: Tokenizer;
}

export interface ScriptedModel extends LanguageModelV4 {
  /** Every call so far, in order. */
  readonly requests: readonly LanguageModelV4CallOptions[];
}

/**
 * A model that gives these replies, one per call; a function answers every call and is never exhausted. Throws
 * `script-exhausted` for a call too many, and the signal's reason for an aborted one.
 *
 * @example
 * const model = createScriptedModel(['Kutuzov commands. [1]', { error: new Error('down') }, (call) => 'Kutuzov']);
 */
export function createScriptedModel(
  replies: readonly ScriptedReply[] | ScriptedReplyFunction,
  { provider = 'scripted', modelId = 'scripted', tokenizer }: ScriptedModelOptions = {},
): ScriptedModel {
  const requests: LanguageModelV4CallOptions[] = [];

  async function reply(call: LanguageModelV4CallOptions): Promise<LanguageModelV4GenerateResult> {
    call.abortSignal?.throwIfAborted();
    const index = requests.push(call) - 1;
    const scripted = typeof replies === 'function' ? replies : replies[index];
    if (scripted === undefined) {
      throw new MemagentError(
        `Scripted model: call ${index + 1} came, but the script has ${replies.length} replies. Add a reply, or find out who calls too often.`,
        { code: 'script-exhausted', data: { calls: index + 1, replies: replies.length } },
      );
    }
    const made = typeof scripted === 'function' ? await scripted(call, index) : scripted;
    const parts = typeof made === 'string' ? { text: made } : made;
    if (parts.delayMs !== undefined) await wait(parts.delayMs, call.abortSignal);
    call.abortSignal?.throwIfAborted();
    if (parts.error !== undefined) throw parts.error;
    const content: LanguageModelV4Content[] = [];
    if (parts.reasoning !== undefined) content.push({ type: 'reasoning', text: parts.reasoning });
    if (parts.text !== undefined) content.push({ type: 'text', text: parts.text });
    const finishReason = parts.finishReason ?? 'stop';
    return {
      content,
      finishReason: { unified: finishReason, raw: finishReason },
      usage: usageOf(parts, call, tokenizer),
      warnings: parts.warnings ?? [],
    };
  }

  return {
    specificationVersion: 'v4',
    provider,
    modelId,
    supportedUrls: {},
    requests,
    doGenerate: reply,
    doStream: async (call) => ({ stream: streamOf(await reply(call), call.abortSignal) }),
  };
}

/** The text of a prompt as the messages that tokenizers and `matchPrompt` take; other parts are left out. */
export function promptMessages({ prompt }: Pick<LanguageModelV4CallOptions, 'prompt'>): PromptMessage[] {
  return prompt.flatMap((message): PromptMessage[] => {
    if (message.role === 'system') return [{ role: 'system', content: message.content }];
    if (message.role !== 'user') return [];
    const texts = message.content.map((part) => (part.type === 'text' ? part.text : ''));
    return [{ role: 'user', content: texts.join('') }];
  });
}

async function wait(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(delayMs, undefined, signal ? { signal } : {});
  } catch (error) {
    signal?.throwIfAborted(); // The caller's own reason, not the timer's wrapping of it.
    throw error;
  }
}

function usageOf(
  { text = '', reasoning = '', usage = {} }: ScriptedReplyParts,
  call: LanguageModelV4CallOptions,
  tokenizer: Tokenizer | undefined,
): LanguageModelV4GenerateResult['usage'] {
  const prompt = usage.promptTokens ?? tokenizer?.countPrompt(promptMessages(call));
  const cached = usage.cachedTokens;
  const reasoned = usage.reasoningTokens ?? (reasoning === '' ? undefined : tokenizer?.count(reasoning));
  const written = tokenizer?.count(text);
  const total = usage.completionTokens ?? (written === undefined ? undefined : written + (reasoned ?? 0));
  return {
    inputTokens: {
      total: prompt,
      noCache: prompt === undefined ? undefined : prompt - (cached ?? 0),
      cacheRead: cached,
      cacheWrite: undefined,
    },
    outputTokens: {
      total,
      text: total === undefined ? undefined : total - (reasoned ?? 0),
      reasoning: reasoned,
    },
  };
}

/** The same reply in word-sized deltas, so that consumers see more than one. An abort ends it in between. */
function streamOf(
  { content, finishReason, usage, warnings }: LanguageModelV4GenerateResult,
  signal: AbortSignal | undefined,
): ReadableStream<LanguageModelV4StreamPart> {
  const parts: LanguageModelV4StreamPart[] = [{ type: 'stream-start', warnings }];
  for (const [index, part] of content.entries()) {
    if (part.type !== 'text' && part.type !== 'reasoning') continue;
    const id = String(index);
    parts.push({ type: `${part.type}-start`, id });
    for (const delta of part.text.split(/(?<=\s)/)) parts.push({ type: `${part.type}-delta`, id, delta });
    parts.push({ type: `${part.type}-end`, id });
  }
  parts.push({ type: 'finish', finishReason, usage });
  const left = parts.values();
  return new ReadableStream({
    pull(controller) {
      if (signal?.aborted) return controller.error(signal.reason);
      const { value, done } = left.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}
