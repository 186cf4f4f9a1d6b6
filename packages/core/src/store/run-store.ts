/**
 * Where runs live. A store keeps each run's record and its events, numbers the events, and lets one process
 * at a time work on a run. `SqliteRunStore` is the default; every implementation runs `runStoreContract`.
 */
import type { RunEvent, RunResult, StoredEvent } from '../run/events.ts';
import type { RunSettings } from '../run/settings.ts';
import type { SourceRecord } from '../source/source.ts';

export type RunStatus = 'running' | 'stopped' | 'finished';

/** A run as it is listed. `running` with no lock held means that its process died: it can be resumed. */
export interface RunRecord {
  runId: string;
  status: RunStatus;
  question: string;
  settings: RunSettings;
  sources: SourceRecord[];
  /** Number of sections read so far. */
  sections: number;
  createdAt: number;
  updatedAt: number;
  /** Set when `status` is `finished`. */
  result?: RunResult;
}

export interface RunStore {
  create(run: RunRecord): Promise<void>;
  get(runId: string): Promise<RunRecord | undefined>;
  /** Newest first. */
  list(options?: { limit?: number }): Promise<RunRecord[]>;
  update(
    runId: string,
    change: Partial<Pick<RunRecord, 'status' | 'sections' | 'updatedAt' | 'result'>>,
  ): Promise<void>;
  /** Appends events and returns them numbered. When it resolves they survive the death of the process. */
  append(runId: string, events: readonly RunEvent[]): Promise<StoredEvent[]>;
  /** Events with `seq` above `after` (default 0), in order. */
  events(runId: string, after?: number): AsyncIterable<StoredEvent>;
  delete(runId: string): Promise<void>;
  /** Folder for what a run spools (extracted text, indexes); created on first use. */
  folder(runId: string): Promise<string>;
  /** Throws `run-locked` while another process, or another call in this one, works on the run. */
  lock(runId: string): Promise<RunLock>;
  close(): Promise<void>;
}

/** Held while a run is worked on; freed by the operating system if the process dies. */
export interface RunLock {
  release(): Promise<void>;
}
