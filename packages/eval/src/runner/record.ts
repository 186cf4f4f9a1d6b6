/** One line of an evaluation's results: one item, read by one subject with one strategy. */
import type { Json, Usage } from '@memagent/core';
import type { MetricName } from '../metrics/metric.ts';

interface RecordBase {
  /** Identifies the line; the same question under the same conditions has the same key everywhere. */
  key: string;
  item: string;
  task: string;
  subject: string;
  strategy: string;
  /** Length of the document in tokens, as the item was made. */
  tokens: number;
  meta: Readonly<Record<string, string | number | boolean>>;
  question: string;
  answers: readonly string[];
  metric: MetricName;
  /** The run that holds the trace: `memagent show <runId>`. */
  runId: string;
  /** Everything that decides the prediction: budgets, reader and sampling, tokenizer, template. */
  settings: Json;
  versions: { memagent: string; node: string };
  /** Milliseconds since the epoch. */
  at: number;
}

/** The item was answered and scored. */
export interface ScoredRecord extends RecordBase {
  status: 'scored';
  prediction: string;
  found: boolean;
  /** By the item's metric, 0 to 1. */
  score: number;
  /** Was the section with the evidence marked in the memory, ever and at the end; null when not known. */
  evidence: { ever: number | null; atEnd: number | null };
  /** Share of citations that are supported and lie on evidence; null without citations or known evidence. */
  citationPrecision: number | null;
  usage: Usage;
  sections: number;
  elapsedMs: number;
}

/** The run gave no answer. It counts as score 0: a failure is never left out of a mean. */
export interface FailedRecord extends RecordBase {
  status: 'failed';
  error: { code: string; message: string };
  usage?: Usage;
}

export type EvalRecord = ScoredRecord | FailedRecord;

/** What a record adds to the sum of scores. */
export function scoreOf(record: EvalRecord): number {
  return record.status === 'scored' ? record.score : 0;
}
