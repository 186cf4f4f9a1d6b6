/**
 * The trace of a run: every event in the order in which it happened. The store keeps them, and the command
 * line, the server, the evaluation, the trainer and the page show them. All are plain JSON. A run's state is a
 * fold over its events; nothing else is needed to resume it. Times (`at`) are milliseconds since the epoch.
 */
import type { Citation } from '../citation/citation.ts';
import type { Dropped, ExtractionSummary, RecordMention } from '../extract/records.ts';
import type { Json } from '../json.ts';
import type { Usage } from '../model/usage.ts';
import type { SectionSpan } from '../section/section.ts';
import type { SourceInfo } from '../source/source.ts';
import type { TokenReport } from '../tokenizer/tokenizer.ts';
import type { WindowPlan } from '../window/window-plan.ts';
import type { RunSettings } from './settings.ts';

/** Version of the format below; a reader of traces refuses one that it does not know. */
export const traceVersion = 1;

/** Events as they are emitted; the store numbers them, see `StoredEvent`. */
export type RunEvent = { at: number } & RunEventBody;

/** An event with its place in the run: 1, 2, 3, … without gaps. */
export type StoredEvent = { seq: number } & RunEvent;

export type RunEventBody =
  | {
      type: 'run-start';
      runId: string;
      version: number;
      settings: RunSettings;
      window: WindowPlan;
      /** Steps that may be in flight at once. */
      concurrency: number;
    }
  /** Reading goes on after `steps` steps that are not paid for again. */
  | { type: 'run-resume'; steps: number; sections: number }
  | { type: 'source-start'; source: SourceInfo }
  /** A section was read from its source. `hash` chains the text of all sections so far. */
  | { type: 'section-start'; section: number; tokens: number; spans: SectionSpan[]; hash: string }
  /** A request goes out. `attempt` counts from 1 within the step. */
  | { type: 'call-start'; step: string; attempt: number; promptTokens: number; maxOutputTokens: number }
  /** The attempt failed or its reply is of no use; the next one goes out after `delayMs`. */
  | { type: 'call-retry'; step: string; attempt: number; reason: string; delayMs: number; status?: number }
  | {
      type: 'call-end';
      step: string;
      attempt: number;
      usage: Usage;
      elapsedMs: number;
      finishReason: string;
      /** What the model wrote, reasoning left out. */
      reply: string;
    }
  /** A step gave a new memory (or kept the old one). Written before the next call goes out. */
  | {
      type: 'memory-updated';
      step: string;
      /** Absent for merges. */
      section?: number;
      outcome: 'updated' | 'kept';
      /** The whole memory after the step; within `memoryTokens` of the plan. */
      memory: string;
      memoryTokens: number;
      state?: Json;
      usage: Usage;
      elapsedMs: number;
      /** What the server's counts taught an inexact tokenizer. */
      reports?: TokenReport[];
    }
  | {
      type: 'answer-end';
      step: string;
      answer: string;
      found: boolean;
      score?: number;
      usage: Usage;
      elapsedMs: number;
      /** As in `memory-updated`. */
      reports?: TokenReport[];
    }
  /** A piece of a section was searched for records (`extract`). */
  | {
      type: 'records-extracted';
      step: string;
      section: number;
      /** `divided`: the reply was too long for one, and the piece is searched again in two; `failed`: nothing could be had. */
      outcome: 'extracted' | 'divided' | 'failed';
      records: RecordMention[];
      dropped: Dropped[];
      usage: Usage;
      elapsedMs: number;
      /** As in `memory-updated`. */
      reports?: TokenReport[];
    }
  /** What became of a section's records, in their order: for display, a resumed run does without. `total`: records so far. */
  | {
      type: 'records-merged';
      section: number;
      records: { id: number; outcome: 'added' | 'merged' | 'conflicted' }[];
      total: number;
    }
  /** What a strategy that selects handed to the answer; `score` higher is better. */
  | { type: 'passages-selected'; sections: number; passages: { section: number; score: number }[] }
  /** Something that people should know and that does not stop the run. */
  | { type: 'notice'; code: NoticeCode; message: string; data?: Record<string, Json> }
  | { type: 'run-stop'; code: string; message: string; elapsedMs: number }
  | { type: 'run-end'; result: RunResult };

/** What a notice is about. */
export type NoticeCode =
  | 'section-shrunk'
  | 'tokenizer-estimated'
  | 'tokenizer-calibrated'
  | 'prompt-cut'
  | 'memory-cut'
  | 'memory-kept'
  | 'output-extended'
  | 'reasoning-unsupported'
  | 'schema-unsupported'
  | 'source-skipped'
  | 'no-language-model'
  | 'document-cut'
  | 'records-dropped'
  | 'model-warning';

/** What a run comes to. The object that `--json` prints. */
export interface RunResult {
  runId: string;
  answer: string;
  /** False only if the answer is the template's not-found phrase (or a reader's score is under its threshold). */
  found: boolean;
  /** The answer as JSON, where it was to follow a schema and was found; `answer` has the same as a text. */
  object?: unknown;
  /** What a run of `extract` came to; the records themselves are kept beside the run. */
  extraction?: ExtractionSummary;
  citations: Citation[];
  /** The final memory. */
  memory: string;
  usage: Usage;
  /** Sections of the document, and their tokens in all. */
  sections: number;
  tokens: number;
  /** `provider/modelId`, or null when no language model was used. */
  model: string | null;
  reader: string;
  strategy: string;
  /** Time that all sessions of the run took together. */
  elapsedMs: number;
}
