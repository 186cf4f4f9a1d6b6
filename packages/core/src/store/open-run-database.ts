import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

import { MemagentError } from '../errors.ts';
import { lockFile } from './file-lock.ts';
import { loadSqlite } from './load-sqlite.ts';
import { migrateRunSchema } from './run-schema.ts';

const busyTimeoutMs = 10_000;

/**
 * Opens the database of runs, which is created if need be. The home is made readable by its owner alone,
 * since runs hold parts of the documents.
 */
export function openRunDatabase(home: string, path: string): DatabaseSync {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  // Switching a new database to WAL fails as "locked" when processes do it at the same time, whatever the
  // busy timeout; so they open it one after the other.
  const lock = lockFile(join(home, 'runs.lock'), busyTimeoutMs);
  if (lock === undefined) {
    throw new MemagentError(`Could not open ${path}: another process kept it busy for 10 s. Try again.`, {
      code: 'store-failed',
      retryable: true,
      data: { path },
    });
  }
  try {
    return openLocked(path);
  } finally {
    lock.release();
  }
}

function openLocked(path: string): DatabaseSync {
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(path);
  try {
    database.exec(
      `PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL`,
    );
    migrateRunSchema(database, path);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
