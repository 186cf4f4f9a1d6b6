import { TinkerError } from '../errors.ts';

/** The parts of a `tinker://` path. */
export interface CheckpointPath {
  readonly trainingRunId: string;
  /** `weights`, `sampler_weights` or `external_weights`. */
  readonly kind: string;
  readonly name: string;
}

/** Takes a path apart. */
export function parseCheckpointPath(path: string): CheckpointPath {
  const [, trainingRunId, kind, name] =
    /^tinker:\/\/([^/]+)\/((?:sampler_|external_)?weights)\/([^/]+)$/.exec(path) ?? [];
  if (trainingRunId && kind && name) return { trainingRunId, kind, name };
  throw new TinkerError(
    'bad-input',
    `${JSON.stringify(path)} is no path of saved weights; give one as tinker://run/weights/name or tinker://run/sampler_weights/name`,
  );
}
