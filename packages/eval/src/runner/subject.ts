import type { ReadingOptions, SessionOptions } from '@memagent/core';

/** Who is examined: a reader or model with its settings, under a name for the report. */
export interface Subject {
  /** `extractive`, `qwen3-8b`, … */
  name: string;
  /** As for `read`; the strategy is the evaluation's part. */
  reading: Omit<ReadingOptions, 'strategy'>;
  session?: Pick<SessionOptions, 'limits' | 'prices' | 'retry' | 'maxTokens' | 'maxCost' | 'maxTimeMs'>;
}
