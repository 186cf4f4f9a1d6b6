import type { CallOptions } from '../model/model.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Page, PageOptions } from './page.ts';

/** A model that was or is in training. */
export interface TrainingRun {
  readonly trainingRunId: string;
  readonly baseModel: string;
  readonly isLora: boolean;
  readonly loraRank: number | undefined;
  /** The weights are damaged: do not go on with them. */
  readonly corrupted: boolean;
  /** ISO 8601. */
  readonly lastRequestTime: string;
  readonly lastCheckpoint: Checkpoint | undefined;
  readonly lastSamplerCheckpoint: Checkpoint | undefined;
  readonly userMetadata: Readonly<Record<string, string>>;
}

/** The training runs of a server. */
export interface TrainingRuns {
  list(options?: PageOptions): Promise<Page<TrainingRun>>;
  get(trainingRunId: string, options?: CallOptions): Promise<TrainingRun>;
}
