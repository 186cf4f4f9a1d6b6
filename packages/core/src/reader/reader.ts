import type { Context } from '@opentelemetry/api';
import type { Json } from '../json.ts';
import type { Usage } from '../model/usage.ts';
import type { NoticeCode, RunEventBody } from '../run/events.ts';
import type { Section } from '../section/section.ts';
import type { Tokenizer, TokenReport } from '../tokenizer/tokenizer.ts';
import type { WindowPlan } from '../window/window-plan.ts';

/**
 * A reader does the three steps of reading with a memory of fixed size: overwrite the memory after a section,
 * merge several memories into one, and answer. It decides nothing about what is read in which order: that is
 * a strategy's part.
 *
 * Each step is independent of the others (paper: one fresh conversation per step): all that a reader knows of
 * earlier steps is the `Memory` that it is given. A reader may therefore be shared by any number of runs.
 */
export interface Reader {
  /** Stable name, part of a run's settings: `model`, `evidence`. */
  readonly name: string;
  /** The language model that the reader asks; absent when it asks none. */
  readonly model?: { provider: string; modelId: string };
  /** Everything else that changes what the reader writes (template, sampling); part of a run's settings. */
  readonly settings: Json;
  /**
   * Tokens of each step's prompt with the question filled in and every other slot empty, chat template
   * included. What is left of the window is for the memory, the text and the output. Zero without prompts.
   */
  overhead(question: string, tokenizer: Tokenizer): Record<StepKind, number>;
  update(input: UpdateInput, context: StepContext): Promise<Update>;
  merge(input: MergeInput, context: StepContext): Promise<Update>;
  answer(input: AnswerInput, context: StepContext): Promise<Answer>;
}

/** The three steps of reading. */
export type StepKind = 'update' | 'merge' | 'answer';

/** What is kept from step to step. */
export interface Memory {
  /** Ordinary text with section marks; empty before the first section. Bounded by `memoryTokens`. */
  text: string;
  /** Small bookkeeping of the reader's own (word statistics, scores), stored with each memory version. */
  state?: Json;
}

export interface UpdateInput {
  question: string;
  memory: Memory;
  section: Section;
}

export interface MergeInput {
  question: string;
  memories: readonly Memory[];
}

/** A piece of the document handed to `answer` directly, by strategies that select instead of remember. */
export interface Passage {
  /** The section it stands in, for its mark. */
  mark: number;
  text: string;
}

export interface AnswerInput {
  question: string;
  /** A memory, or a draft of the answer that is to be improved (`refine`). */
  memory: Memory;
  /** Text of the document beside the memory; empty for MemAgent's own strategy. */
  passages: readonly Passage[];
}

/** The outcome of `update` and `merge`. */
export interface Update {
  memory: Memory;
  /** `kept`: the old memory stands, because the model chose so (update gate), or its reply was empty or refused. */
  outcome: 'updated' | 'kept';
  usage: Usage;
}

export interface Answer {
  /** The answer with its marks; the not-found phrase when `found` is false. */
  text: string;
  found: boolean;
  /** How sure a reader with scores is; model readers leave it out. */
  score?: number;
  usage: Usage;
}

/** What the agent lends to a step. */
export interface StepContext {
  /** Identifies the step within the run: `update/12`, `merge/0/3`, `answer`. */
  step: string;
  tokenizer: Tokenizer;
  window: WindowPlan;
  signal: AbortSignal;
  /** Parent of the spans that the step opens. */
  telemetry: Context;
  /** Tells the consumer of the run's events; resolves when the event is stored. */
  emit(event: RunEventBody): Promise<void>;
  /** Corrects an inexact tokenizer for what follows; within the step, `tokenizer` stays as it is. */
  learn(report: TokenReport): void;
  /** Emits a notice unless the run has given one with this code (`model-warning`: and these words) before. */
  notifyOnce(code: NoticeCode, message: string, data?: Record<string, Json>): Promise<void>;
  /** Counts what was used, at once, so that limits hold also for steps in flight side by side. */
  spend(usage: Usage): void;
  /**
   * Reserves what a request may use at most; the returned function gives the reservation back once `spend` has
   * counted what it did use. Throws `limit-reached` when the request could pass a hard limit of the run.
   */
  admit(call: { promptTokens: number; maxOutputTokens: number }): () => void;
}
