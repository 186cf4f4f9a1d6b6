import type { RunResult, StoredEvent } from './events.ts';

/**
 * A run at work. Iterate over it for its events as they are stored; leaving the loop early stops the run,
 * resumably. `result` settles when the run ends, whether or not anyone iterates: with the answer, with a
 * `RunStoppedError` that names the run, or with the reason of the caller's abort.
 */
export interface Run extends AsyncIterable<StoredEvent> {
  readonly runId: string;
  readonly result: Promise<RunResult>;
}
