import type { CallOptions } from '../model/model.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Page, PageOptions } from './page.ts';

/** What is needed to load saved weights. */
export interface WeightsInfo {
  readonly baseModel: string;
  readonly isLora: boolean;
  readonly loraRank: number | undefined;
  readonly trainUnembed: boolean | undefined;
  readonly trainMlp: boolean | undefined;
  readonly trainAttn: boolean | undefined;
}

/** The saved weights of a server. Paths are `tinker://run/weights/name` or `tinker://run/sampler_weights/name`. */
export interface Checkpoints {
  /** Those of all runs, the newest first. */
  list(options?: PageOptions): Promise<Page<Checkpoint>>;
  /** Those of one run. */
  ofRun(trainingRunId: string, options?: CallOptions): Promise<readonly Checkpoint[]>;
  info(path: string, options?: CallOptions): Promise<WeightsInfo>;
  /** Where the files can be downloaded, as one archive. */
  archiveUrl(path: string, options?: CallOptions): Promise<string>;
  delete(path: string, options?: CallOptions): Promise<void>;
  publish(path: string, options?: CallOptions): Promise<void>;
  unpublish(path: string, options?: CallOptions): Promise<void>;
  /** Deletes after so many seconds; `null` for never. */
  setTtl(path: string, ttlSeconds: number | null, options?: CallOptions): Promise<void>;
}
