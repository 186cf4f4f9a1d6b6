import type { DatabaseSync } from 'node:sqlite';

import type { RunEvent, StoredEvent } from '../run/events.ts';
import { createTransactor } from './transactor.ts';
import { runExists, runNotFound } from './run-errors.ts';
import { lastSectionRead } from './last-section-read.ts';
import type { ListOptions, RunRecord, RunStore, RunSummary } from './run-store.ts';

interface RunRow {
  run_id: string;
  status: RunRecord['status'];
  sections: number;
  created_at: number;
  updated_at: number;
  data: string;
}

/** What a store asks of its tables. All of it is synchronous; no statement stays open between calls. */
export type RunTables = ReturnType<typeof createRunTables>;

/** Events read at a time: an iteration holds these in memory, not the whole trace. */
const pageLength = 32;

const columns = 'run_id, status, sections, created_at, updated_at, runs.data';

/** The statements on an open database of runs. */
export function createRunTables(database: DatabaseSync) {
  const transact = createTransactor(database);
  const insertRun = database.prepare(
    `INSERT INTO runs (run_id, status, sections, created_at, updated_at, data) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  );
  const selectRun = database.prepare(
    `SELECT ${columns}, results.data AS result FROM runs LEFT JOIN results USING (run_id) WHERE run_id = ?`,
  );
  // Ids have no character above "~". The plus keeps SQLite on the index by age, which ends at the limit.
  const selectRuns = database.prepare(
    `SELECT ${columns} FROM runs WHERE +run_id BETWEEN ?1 AND ?1 || '~'
     ORDER BY created_at DESC, id DESC LIMIT ?2`,
  );
  const updateRun = database.prepare(
    `UPDATE runs SET status = coalesce(?, status), sections = coalesce(?, sections),
     updated_at = coalesce(?, updated_at) WHERE run_id = ?`,
  );
  const upsertResult = database.prepare('INSERT OR REPLACE INTO results (run_id, data) VALUES (?, ?)');
  const deleteRun = database.prepare('DELETE FROM runs WHERE run_id = ?');
  const selectLast = database.prepare(
    `SELECT (SELECT coalesce(max(seq), 0) FROM events WHERE events.run_id = runs.run_id) AS seq
     FROM runs WHERE run_id = ?`,
  );
  const insertEvent = database.prepare(
    'INSERT INTO events (run_id, seq, type, at, data) VALUES (?, ?, ?, ?, ?)',
  );
  const selectEvents = database.prepare(
    `SELECT seq, type, at, data FROM events WHERE run_id = ? AND seq > ? ORDER BY seq LIMIT ${pageLength}`,
  );

  /** Number of the run's last event; throws `run-not-found`. */
  function lastSeq(runId: string): number {
    const row = selectLast.get(runId);
    if (row === undefined) throw runNotFound(runId);
    return Number(row['seq']);
  }

  return {
    /** Throws `run-not-found` for a run that was not created. */
    check(runId: string): void {
      lastSeq(runId);
    },

    create({ runId, status, sections, createdAt, updatedAt, result, ...data }: RunRecord): void {
      transact(() => {
        const json = JSON.stringify(data);
        const { changes } = insertRun.run(runId, status, sections, createdAt, updatedAt, json);
        if (changes === 0) throw runExists(runId);
        if (result !== undefined) upsertResult.run(runId, JSON.stringify(result));
      });
    },

    get(runId: string): RunRecord | undefined {
      const row = selectRun.get(runId) as (RunRow & { result: string | null }) | undefined;
      if (row === undefined) return undefined;
      const summary = toSummary(row);
      return row.result === null ? summary : { ...summary, result: JSON.parse(row.result) };
    },

    list({ limit = -1, prefix = '' }: ListOptions): RunSummary[] {
      return (selectRuns.all(prefix, limit) as unknown as RunRow[]).map(toSummary);
    },

    update(runId: string, { status, updatedAt, result }: Parameters<RunStore['update']>[1]): void {
      transact(() => {
        const { changes } = updateRun.run(status ?? null, null, updatedAt ?? null, runId);
        if (changes === 0) throw runNotFound(runId);
        if (result !== undefined) upsertResult.run(runId, JSON.stringify(result));
      });
    },

    append(runId: string, events: readonly RunEvent[]): StoredEvent[] {
      return transact(() => {
        const last = lastSeq(runId);
        const read = lastSectionRead(events);
        if (read) updateRun.run(null, read.sections, read.updatedAt, runId);
        return events.map((event, index) => {
          const seq = last + 1 + index;
          const { type, at, ...data } = event;
          insertEvent.run(runId, seq, type, at, JSON.stringify(data));
          return { seq, ...event };
        });
      });
    },

    /** The next events after `after`; fewer than a page, or none, at the end. */
    page(runId: string, after: number): { events: StoredEvent[]; isLast: boolean } {
      const rows = selectEvents.all(runId, after);
      const events = rows.map(
        ({ seq, type, at, data }) => ({ seq, type, at, ...JSON.parse(String(data)) }) as StoredEvent,
      );
      return { events, isLast: rows.length < pageLength };
    },

    delete(runId: string): void {
      deleteRun.run(runId);
    },
  };
}

function toSummary({ run_id, status, sections, created_at, updated_at, data }: RunRow): RunSummary {
  return {
    runId: run_id,
    status,
    sections,
    createdAt: created_at,
    updatedAt: updated_at,
    ...JSON.parse(data),
  };
}
