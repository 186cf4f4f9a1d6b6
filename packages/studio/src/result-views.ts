/** Evaluations and training runs as the page is sent them. */
import type { StepMetrics } from '@memagent/train';

/** An evaluation in a list. */
export interface EvaluationSummary {
  id: string;
  name: string;
  /** Milliseconds since the epoch. */
  changedAt: number;
}

/** An evaluation as its page shows it. */
export interface EvaluationView extends EvaluationSummary {
  tasks: string[];
  series: string[];
  groups: EvaluationGroup[];
  items: EvaluationItem[];
}

/** All answers of one series to one task at one length. */
export interface EvaluationGroup {
  series: string;
  task: string;
  /** Undefined where the records do not tell. */
  length?: { unit: string; value: number };
  n: number;
  failures: number;
  /** Mean, 0 to 1, with its 95% interval. */
  score: number;
  low: number;
  high: number;
  tokensPerQuestion?: number;
  elapsedMs?: number;
}

/** One question as it was answered. */
export interface EvaluationItem {
  item: string;
  task: string;
  series: string;
  tokens: number;
  question: string;
  answers: readonly string[];
  /** What was said, or what went wrong. */
  prediction: string;
  hasFailed: boolean;
  score: number;
  runId: string;
}

/** A training run in a list. */
export interface TrainingSummary {
  id: string;
  /** Of its folder. */
  name: string;
  preset: string;
  /** Milliseconds since the epoch. */
  changedAt: number;
}

/** A training run as its page shows it. */
export interface TrainingView extends TrainingSummary {
  config: Record<string, unknown>;
  /** Numbers that are not finite are null, as JSON has them. */
  metrics: StepMetrics[];
  /** Steps whose rollouts were recorded. */
  recorded: number[];
}
