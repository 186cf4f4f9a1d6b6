/**
 * A lock that belongs to a process and that the operating system frees the moment the process dies, also by
 * `kill -9`: the write lock of an empty SQLite database. So there is no lease to renew, no process id to
 * guess about, and nothing to clean up; the empty file that stays behind means nothing.
 *
 * BEGIN IMMEDIATE rather than EXCLUSIVE: of two that ask at the same instant exactly one gets it, where
 * EXCLUSIVE can refuse both. Rolling back to memory leaves no journal file; small pages save 70 KB per lock.
 *
 * Limits: a network file system must support POSIX locks; and on POSIX, a program that opens and closes the
 * lock file itself while it holds the lock, loses it.
 */
import { loadSqlite } from './load-sqlite.ts';
import { sqliteCode } from './store-failed.ts';

const sqliteBusy = 5;

/** A lock that was taken; call `release` once. */
export interface FileLock {
  release(): void;
}

/**
 * Takes the lock on a file, which is created if need be. Undefined when it is still taken after `waitMs`
 * milliseconds (default: at once), by another process or by this one. The wait blocks the thread.
 */
export function lockFile(path: string, waitMs = 0): FileLock | undefined {
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(path);
  try {
    database.exec(
      `PRAGMA busy_timeout = ${waitMs}; PRAGMA page_size = 512; PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE`,
    );
  } catch (error) {
    database.close();
    if (sqliteCode(error) === sqliteBusy) return undefined;
    throw error;
  }
  return { release: () => database.close() };
}
