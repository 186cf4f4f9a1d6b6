/**
 * Divides the window before the first call, so that no call can exceed it. The question's own tokens are
 * reserved, not its budget; what the parts leave free stays free. Token counts of joined texts can differ from
 * the sum of their parts' counts by a few tokens at each seam: `seamTokens` covers that.
 */
import { MemagentError } from '../errors.ts';
import type { StepKind } from '../reader/reader.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { WindowPlan } from './window-plan.ts';

/** Budgets as the user sets them, in tokens. */
export interface WindowBudgets {
  /** The model's context length: prompt and output together. */
  window: number;
  /** Most tokens of document text per section. */
  sectionTokens: number;
  /** Most tokens of the memory. */
  memoryTokens: number;
  /** Most tokens of one reply, reasoning included. */
  outputTokens: number;
  /** Most tokens of the question. */
  questionTokens: number;
}

/** The paper's division of a window of 8,192 tokens. */
export const defaultBudgets: Readonly<WindowBudgets> = Object.freeze({
  window: 8192,
  sectionTokens: 5000,
  memoryTokens: 1024,
  outputTokens: 1024,
  questionTokens: 1024,
});

/** A section below this size is not worth a call; the run is refused instead. */
export const leastSectionTokens = 512;

/** Room for tokens that appear or merge where slot texts meet the prompt's own words. */
export const seamTokens = 16;

/**
 * The plan for a question. Throws `question-too-long` or `window-too-small`, each saying by how much.
 * `overhead` is the reader's: the tokens of each step's prompt with the question in and all other slots empty.
 */
export function planWindow(
  budgets: WindowBudgets,
  question: string,
  tokenizer: Tokenizer,
  overhead: Record<StepKind, number>,
): WindowPlan {
  const questionTokens = tokenizer.count(question);
  if (questionTokens > budgets.questionTokens) {
    throw new MemagentError(
      `The question has ${questionTokens} tokens, ${questionTokens - budgets.questionTokens} more than its budget of ${budgets.questionTokens}. Shorten it, put the long part into the document, or raise questionTokens.`,
      { code: 'question-too-long', data: { questionTokens, budget: budgets.questionTokens } },
    );
  }
  // A reader without prompts works inside the same budgets, so that its memory compares with a model's.
  const room = (step: StepKind): number =>
    budgets.window - overhead[step] - seamTokens - budgets.outputTokens;
  const sectionTokens = Math.min(budgets.sectionTokens, room('update') - budgets.memoryTokens);
  const least = Math.min(leastSectionTokens, budgets.sectionTokens);
  const missing = least - sectionTokens;
  if (missing > 0) {
    throw new MemagentError(
      `The window of ${budgets.window} tokens leaves ${sectionTokens} for a section, ${missing} fewer than the least of ${least}: prompt and question take ${overhead.update}, memory ${budgets.memoryTokens}, output ${budgets.outputTokens}. Raise the window, or lower memoryTokens or outputTokens.`,
      { code: 'window-too-small', data: { missing, sectionTokens, overhead: overhead.update } },
    );
  }
  const short = budgets.memoryTokens - room('answer');
  if (short > 0) {
    throw new MemagentError(
      `The window of ${budgets.window} tokens is ${short} too small for the answer: prompt and question take ${overhead.answer}, memory ${budgets.memoryTokens}, output ${budgets.outputTokens}. Raise the window, or lower memoryTokens or outputTokens.`,
      { code: 'window-too-small', data: { missing: short, overhead: overhead.answer } },
    );
  }
  return {
    window: budgets.window,
    sectionTokens,
    memoryTokens: budgets.memoryTokens,
    outputTokens: budgets.outputTokens,
    questionTokens,
    mergeTokens: room('merge'),
    evidenceTokens: room('answer'),
    overhead,
  };
}
