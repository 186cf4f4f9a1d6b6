import type { RunResult, StoredEvent } from './events.ts';

/**
 * A run at work. Iterate over it for its events as they are stored; leaving the loop early stops the run,
 * resumably. `result` settles when the run ends, whether or not anyone iterates: with the answer, with a
 * `RunStoppedError` that names the run, or with the reason of the caller's abort.
 */
export interface Run<Result extends RunResult = RunResult> extends AsyncIterable<StoredEvent> {
  readonly runId: string;
  readonly result: Promise<Result>;
}

/** The result of a run whose answer follows a schema. */
export interface StructuredResult<T> extends RunResult {
  /** The answer as the schema gives it back; absent when nothing was found. */
  object?: T;
}
