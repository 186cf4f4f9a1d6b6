/**
 * How the window of one call is divided. All numbers are tokens. For every step,
 * prompt words + question + what fills the slots + output never exceeds `window`.
 */
export interface WindowPlan {
  window: number;
  /** Most tokens of one section; smaller than what was asked for when the parts did not fit. */
  sectionTokens: number;
  /** Most tokens of the memory; an over-long reply is cut to it. */
  memoryTokens: number;
  /** Most tokens that a reply may have, reasoning included. */
  outputTokens: number;
  /** Tokens of the question (its budget is checked before). */
  questionTokens: number;
  /** Most tokens that all memories given to one `merge` have together. */
  mergeTokens: number;
  /** Most tokens of memory and passages together given to `answer`. */
  evidenceTokens: number;
  /** Tokens of each step's prompt with empty slots, question and chat template included. */
  overhead: { update: number; merge: number; answer: number };
}
