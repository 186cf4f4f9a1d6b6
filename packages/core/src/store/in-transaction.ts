import type { DatabaseSync } from 'node:sqlite';

/** Runs `work` in a write transaction: all that it writes is committed, or nothing when it throws. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

function rollBack(database: DatabaseSync): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // After some failures (a full disk) SQLite has rolled back by itself and refuses to do it again. The
    // failure itself is what the caller throws.
  }
}
