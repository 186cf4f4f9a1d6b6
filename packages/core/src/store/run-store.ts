/**
 * Where runs live. A store keeps each run's record and its events, numbers the events, and lets one process
 * at a time work on a run. `createSqliteRunStore` is the default; every implementation runs `runStoreContract`.
 *
 * What is stored comes back equal after a round trip through JSON, whatever its texts contain (U+0000 and lone
 * surrogates included). All methods but `get`, `list`, `create` and `close` throw `run-not-found` for a run
 * that was not created, so a folder or a lock never outlives its record. A store that cannot read or write
 * throws `store-failed`, and so does one that was closed.
 */
import type { Json } from '../json.ts';
import type { RunEvent, RunResult, StoredEvent } from '../run/events.ts';
import type { RunSettings } from '../run/settings.ts';
import type { SourceRecord } from '../source/source.ts';

/** `stopped` can be resumed; `cancelled` was given up for good, with what it had read. */
export type RunStatus = 'running' | 'stopped' | 'cancelled' | 'finished';

/** A run as it is listed. `running` with no lock held means that its process died: it can be resumed. */
export interface RunRecord {
  runId: string;
  status: RunStatus;
  question: string;
  settings: RunSettings;
  sources: SourceRecord[];
  /** Number of sections read so far; follows from the events that are appended. */
  sections: number;
  createdAt: number;
  updatedAt: number;
  /** The caller's own notes: what the program that began the run needs to go on with it. Never secrets. */
  client?: Json;
  /** Set when `status` is `finished`. */
  result?: RunResult;
}

/** A run without its result, which can be long. */
export type RunSummary = Omit<RunRecord, 'result'>;

export interface ListOptions {
  /** Most runs to return; all by default. */
  limit?: number;
  /** Only runs whose id begins with this. */
  prefix?: string;
}

export interface RunStore {
  /** Throws `invalid-option` for an id that `checkRunId` refuses, or that a run has already. */
  create(run: RunRecord): Promise<void>;
  get(runId: string): Promise<RunRecord | undefined>;
  /** Newest first; of runs created at the same time, the last one first. */
  list(options?: ListOptions): Promise<RunSummary[]>;
  update(runId: string, change: Partial<Pick<RunRecord, 'status' | 'updatedAt' | 'result'>>): Promise<void>;
  /**
   * Appends all events or none, and returns them numbered. When it resolves they survive the death of the
   * process. A `section-start` among them sets the record's `sections` and `updatedAt` to its own.
   */
  append(runId: string, events: readonly RunEvent[]): Promise<StoredEvent[]>;
  /** Events with `seq` above `after` (default 0), in order. Others may append while this is iterated. */
  events(runId: string, after?: number): AsyncIterable<StoredEvent>;
  /** Removes the record, the events and the folder. Throws `run-locked` while the run is worked on. */
  delete(runId: string): Promise<void>;
  /** Folder for what a run spools (extracted text, indexes); created on first use. The name `lock` is taken. */
  folder(runId: string): Promise<string>;
  /** Throws `run-locked` while another process, or another call in this one, works on the run. */
  lock(runId: string): Promise<RunLock>;
  /** Frees the locks that are still held, too. */
  close(): Promise<void>;
}

/** Held while a run is worked on; freed by the operating system if the process dies. */
export interface RunLock {
  release(): Promise<void>;
}
