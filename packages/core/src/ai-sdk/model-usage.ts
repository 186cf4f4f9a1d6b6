import type { LanguageModelV4Usage } from '@ai-sdk/provider';
import type { Usage } from '../model/usage.ts';

/** What a run used, as an AI SDK model tells it; `raw` has the number of calls and retries, and the cost. */
export function toModelUsage({
  promptTokens,
  cachedTokens,
  completionTokens,
  reasoningTokens,
  calls,
  retries,
  cost,
}: Usage): LanguageModelV4Usage {
  return {
    inputTokens: {
      total: promptTokens,
      noCache: promptTokens - cachedTokens,
      cacheRead: cachedTokens,
      cacheWrite: undefined,
    },
    outputTokens: {
      total: completionTokens,
      text: completionTokens - reasoningTokens,
      reasoning: reasoningTokens,
    },
    raw: { calls, retries, ...(cost === undefined ? {} : { cost }) },
  };
}

/** The sum of a call's own use and that of a run; what a call does not tell counts nothing beside what the run did. */
export function addModelUsage(call: LanguageModelV4Usage, run: Usage): LanguageModelV4Usage {
  const { inputTokens, outputTokens, raw } = toModelUsage(run);
  return {
    inputTokens: {
      total: add(call.inputTokens.total, inputTokens.total),
      noCache: add(call.inputTokens.noCache ?? call.inputTokens.total, inputTokens.noCache),
      cacheRead: add(call.inputTokens.cacheRead, inputTokens.cacheRead),
      cacheWrite: call.inputTokens.cacheWrite,
    },
    outputTokens: {
      total: add(call.outputTokens.total, outputTokens.total),
      text: add(call.outputTokens.text ?? call.outputTokens.total, outputTokens.text),
      reasoning: add(call.outputTokens.reasoning, outputTokens.reasoning),
    },
    raw: { ...call.raw, memagent: raw ?? {} },
  };
}

function add(a: number | undefined, b: number | undefined): number {
  return (a ?? 0) + (b ?? 0);
}
