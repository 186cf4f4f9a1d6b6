/**
 * One question over one document, as generators and loaders make it and the runner asks it. Everything in it
 * follows from the task, its parameters and the seed: the same item can be made again anywhere.
 */
import type { MetricName } from './metrics/metric.ts';

export interface EvalItem {
  /** Unique within a data set or task, stable over versions: `niah_single_1/8192/3`. */
  id: string;
  /** The task or data set: `niah_single_1`, `ruler_hotpotqa`, `locomo`. */
  task: string;
  /** As it is asked: complete, with choices, dates and the wanted form of the answer in it. */
  question: string;
  /** Right answers; what they mean (any of them, all of them) is the metric's. Empty when unanswerable. */
  answers: readonly string[];
  /** Values that stand in the document and must not be given as the answer, nor beside it. */
  rejected?: readonly string[];
  metric: MetricName;
  /** The right reaction is to say that the document does not tell. */
  unanswerable?: boolean;
  /** Four-choice questions: the texts by letter; `answers` holds the letter and the text. */
  choices?: Readonly<Record<string, string>>;
  /** Most tokens that an answer needs, as the benchmark publishes it. */
  outputTokens: number;
  /** The document as a stream; every call streams it from the beginning, the same characters each time. */
  document: () => AsyncIterable<string>;
  /** Tokens of the document by the tokenizer that it was made for; 0 when it was not counted. */
  tokens: number;
  /** Where the evidence lies: UTF-16 offsets in the document, end exclusive, in order. Empty when unknown. */
  evidence: readonly EvidenceSpan[];
  /** Facts for the report: length, depth, haystack, paragraphs, hops, seed, question type, data set's own id. */
  meta: Readonly<Record<string, string | number | boolean>>;
}

export interface EvidenceSpan {
  start: number;
  end: number;
}
