import { messageOf, type Sampling } from '@memagent/core';
import { APICallError, generateText } from 'ai';
import type { OpenModel } from '../model/open-model.ts';

/** A reply, with what it took. Token counts are the server's; undefined where it reports none. */
export interface Reply {
  text: string;
  reasoning: string;
  promptTokens: number | undefined;
  completionTokens: number | undefined;
  elapsedMs: number;
}

export type Ask = (prompt: string, maxOutputTokens: number) => Promise<Reply>;

/** Makes the function that asks the model, once and without reasoning where the server takes that setting. */
export function createAsk(
  { model, reasoningOptions }: OpenModel,
  { timeoutMs, signal, now }: { timeoutMs: number; signal: AbortSignal; now: () => number },
): Ask {
  let settings: Pick<Sampling, 'reasoning' | 'providerOptions'> = {
    reasoning: 'none',
    ...(reasoningOptions === undefined ? {} : { providerOptions: reasoningOptions }),
  };

  return async function ask(prompt, maxOutputTokens) {
    const startedAt = now();
    try {
      const { text, reasoningText, usage } = await generateText({
        model,
        prompt,
        maxOutputTokens,
        temperature: 0,
        maxRetries: 0,
        abortSignal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        ...settings,
      });
      return {
        text,
        reasoning: reasoningText ?? '',
        // Servers that do not count say 0.
        promptTokens: usage.inputTokens || undefined,
        completionTokens: usage.outputTokens || undefined,
        elapsedMs: now() - startedAt,
      };
    } catch (error) {
      signal.throwIfAborted();
      if (!('reasoning' in settings) || !isRefusal(error, /reasoning|thinking|chat_template/i)) throw error;
      settings = {};
      return ask(prompt, maxOutputTokens);
    }
  };
}

/** Whether the server refused a request, in words like these. */
export function isRefusal(error: unknown, words: RegExp): boolean {
  if (!APICallError.isInstance(error)) return false;
  const { statusCode = 0 } = error;
  return (
    statusCode >= 400 && statusCode < 500 && words.test(`${messageOf(error)} ${error.responseBody ?? ''}`)
  );
}
