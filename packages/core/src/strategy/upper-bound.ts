import type { WindowPlan } from '../window/window-plan.ts';

/** What a strategy may use at most, before any call is made. Failed attempts are not foreseen. */
export interface StrategyEstimate {
  calls: number;
  promptTokens: number;
  completionTokens: number;
}

/** How often each step is taken, and what fills the slots of its prompts in all, in tokens. */
export interface StepCounts {
  updates?: number;
  updateTokens?: number;
  merges?: number;
  mergeTokens?: number;
  answers?: number;
  /** Default: one full memory per answer. */
  answerTokens?: number;
}

/** Adds the prompts' own words and full-length replies to what the steps read. */
export function upperBound(
  window: WindowPlan,
  { updates = 0, updateTokens = 0, merges = 0, mergeTokens = 0, answers = 0, answerTokens }: StepCounts,
): StrategyEstimate {
  const { overhead, memoryTokens, outputTokens } = window;
  const filled = updateTokens + mergeTokens + (answerTokens ?? answers * memoryTokens);
  const words = updates * overhead.update + merges * overhead.merge + answers * overhead.answer;
  const calls = updates + merges + answers;
  return {
    calls,
    promptTokens: filled + words,
    completionTokens: calls * outputTokens,
  };
}
