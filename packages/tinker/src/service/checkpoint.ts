/** What a checkpoint is for: to go on training, to sample from, or files for other engines. */
export type CheckpointType = 'training' | 'sampler' | 'external';

/** Saved weights. */
export interface Checkpoint {
  readonly checkpointId: string;
  readonly checkpointType: CheckpointType;
  /** ISO 8601. */
  readonly time: string;
  /** The `tinker://` path. */
  readonly path: string;
  readonly sizeBytes: number | undefined;
  readonly public: boolean;
  readonly expiresAt: string | undefined;
}
