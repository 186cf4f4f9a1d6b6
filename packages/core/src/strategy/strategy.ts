/**
 * A strategy decides what is read in which order, and nothing else: the steps themselves are the reader's, and
 * budgets, durability, limits and citations are the run's. So a strategy is a few lines over `StrategyRun`,
 * resumable by construction: a step that was committed before is returned from the store instead of made again.
 */
import type { ExtractionSummary } from '../extract/records.ts';
import type { Answer, Memory, Passage, StepContext } from '../reader/reader.ts';
import type { RunEventBody } from '../run/events.ts';
import type { Section } from '../section/section.ts';
import type { SourceInfo } from '../source/source.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { WindowPlan } from '../window/window-plan.ts';
import type { StrategyEstimate } from './upper-bound.ts';

export interface Strategy {
  /** Stable name, part of a run's settings. */
  readonly name: string;
  /**
   * How many sections are read before a step with the first of them has come to its end; default 1. Infinity: a
   * section is not read in a step of its own.
   */
  readonly readsAhead?: (concurrency: number) => number;
  run(run: StrategyRun): Promise<StrategyOutcome>;
  /** What it uses at most on a document of so many sections (of the plan's size) and tokens. */
  estimate(document: { sections: number; tokens: number }, window: WindowPlan): StrategyEstimate;
}

export interface StrategyOutcome {
  answer: Answer;
  /** The final memory; absent in strategies without one. */
  memory?: Memory;
  /** The text that the answer came from, in strategies without a memory. */
  passages?: readonly Passage[];
  /** Of the strategy that collects records instead of answering. */
  extraction?: ExtractionSummary;
}

/** What a step of extraction comes to. */
export type ExtractedPiece = Pick<
  Extract<RunEventBody, { type: 'records-extracted' }>,
  'outcome' | 'records' | 'dropped' | 'usage'
>;

/** What a run lends to its strategy. */
export interface StrategyRun {
  readonly question: string;
  readonly window: WindowPlan;
  /** As it counts at this moment: an inexact one learns as the run goes on. */
  readonly tokenizer: Tokenizer;
  readonly signal: AbortSignal;
  /** How many steps a strategy may have in flight at once. */
  readonly concurrency: number;
  /** Folder for files of the strategy's own (an index); may be rebuilt from the source at any time. */
  folder(): Promise<string>;
  /** The document, section by section; can be iterated once. Emits the source and section events itself. At most `maxTokens` (default: the plan's). */
  sections(options?: { maxTokens?: number }): AsyncIterable<Section>;
  /**
   * The same sections once more, when `sections` and all steps with them have come to their end; can be iterated
   * once. Emits nothing. Throws `source-changed` where the document is no longer what it was.
   */
  sectionsAgain(): AsyncIterable<Section>;
  /**
   * One update of the memory. `step` names it within the run and must be the same on every replay. A section that is
   * read again is read in parts, in the steps `step`, `step/2`, …, if it counts more by now than the window has room
   * for.
   */
  update(step: string, input: { memory: Memory; section: Section }): Promise<Memory>;
  merge(step: string, input: { memories: readonly Memory[] }): Promise<Memory>;
  answer(step: string, input: { memory: Memory; passages?: readonly Passage[] }): Promise<Answer>;
  /** Searches a piece of a section for records with `search`, unless an earlier session has committed that. */
  extract(
    step: string,
    section: number,
    search: (context: StepContext) => Promise<ExtractedPiece>,
  ): Promise<ExtractedPiece & { isNew: boolean }>;
  /** The sources that were opened so far, by their index. */
  readonly sources: readonly SourceInfo[];
  /** Emits an event; resolves when it is stored. */
  emit(event: RunEventBody): Promise<void>;
}
