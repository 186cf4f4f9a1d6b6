import type { DatabaseSync } from 'node:sqlite';

/** Runs `work` in a write transaction: all that it writes is committed, or nothing when it throws. */
export type Transactor = <T>(work: () => T) => T;

/** Prepares the statements of a transaction once, since every step of every run makes one. */
export function createTransactor(database: DatabaseSync): Transactor {
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  return (work) => {
    begin.run();
    try {
      const result = work();
      commit.run();
      return result;
    } catch (error) {
      rollBack(database);
      throw error;
    }
  };
}

function rollBack(database: DatabaseSync): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // After some failures (a full disk) SQLite has rolled back by itself and refuses to do it again. The
    // failure itself is what the caller throws.
  }
}
