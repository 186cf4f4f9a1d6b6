/**
 * Runs in one SQLite database, `<home>/runs.sqlite`, that any number of processes share, and one folder for
 * each run, `<home>/runs/<runId>/`.
 *
 * The database is in WAL mode with synchronous NORMAL: what was appended survives the death of the process at
 * once; a power cut can lose the last commits but never corrupts the file. Calls to SQLite are synchronous and
 * take microseconds; one that finds the database busy blocks the thread until the other process has
 * committed, for 10 seconds at most.
 *
 * Not for a home on a network file system: WAL needs shared memory between the processes.
 */
import { mkdirSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

import { checkRunId } from './check-run-id.ts';
import { type FileLock, lockFile } from './file-lock.ts';
import { openRunDatabase } from './open-run-database.ts';
import { runLocked, storeClosed } from './run-errors.ts';
import type { RunLock, RunStore } from './run-store.ts';
import { createRunTables, type RunTables } from './run-tables.ts';
import { storeFailed } from './store-failed.ts';

/**
 * The store that runs are kept in by default. Nothing is opened or created before its first use.
 *
 * @example
 * const store = createSqliteRunStore({ home: defaultHome() });
 */
export function createSqliteRunStore({ home }: { home: string }): RunStore {
  const path = join(home, 'runs.sqlite');
  const held = new Set<FileLock>();
  let open: { database: DatabaseSync; tables: RunTables } | undefined;
  let closed = false;

  function attempt<T>(operation: string, work: (tables: RunTables) => T): T {
    if (closed) throw storeClosed();
    try {
      if (open === undefined) {
        const database = openRunDatabase(home, path);
        open = { database, tables: createRunTables(database) };
      }
      return work(open.tables);
    } catch (error) {
      throw storeFailed(operation, path, error);
    }
  }

  function check(runId: string): void {
    attempt(`find run ${runId}`, (tables) => tables.check(runId));
  }

  /** Path of an existing run's folder, which is created if need be. */
  function makeFolder(runId: string): string {
    check(runId);
    const folder = join(home, 'runs', runId);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw storeFailed('create the folder of a run', folder, error);
    }
    return folder;
  }

  function takeLock(runId: string): RunLock {
    const lock = attemptLock(join(makeFolder(runId), 'lock'));
    if (lock === undefined) throw runLocked(runId);
    try {
      // It may have been deleted since its folder was made.
      check(runId);
    } catch (error) {
      lock.release();
      throw error;
    }
    held.add(lock);
    return {
      async release() {
        if (held.delete(lock)) lock.release();
      },
    };
  }

  return {
    async create(run) {
      checkRunId(run.runId);
      attempt(`create run ${run.runId}`, (tables) => tables.create(run));
    },

    async get(runId) {
      return attempt(`read run ${runId}`, (tables) => tables.get(runId));
    },

    async list(options = {}) {
      return attempt('list the runs', (tables) => tables.list(options));
    },

    async update(runId, change) {
      attempt(`update run ${runId}`, (tables) => tables.update(runId, change));
    },

    async append(runId, events) {
      return attempt(`append to run ${runId}`, (tables) => tables.append(runId, events));
    },

    async *events(runId, after = 0) {
      check(runId);
      let last = after;
      for (;;) {
        const { events, isLast } = attempt(`read run ${runId}`, (tables) => tables.page(runId, last));
        yield* events;
        if (isLast) return;
        last = events.at(-1)?.seq ?? last;
      }
    },

    async delete(runId) {
      const lock = takeLock(runId);
      const folder = join(home, 'runs', runId);
      try {
        // The record goes last but for the lock, so that a deletion cut short can be made again.
        await removeAllBut('lock', folder);
        attempt(`delete run ${runId}`, (tables) => tables.delete(runId));
      } finally {
        await lock.release();
      }
      await remove(folder);
    },

    async folder(runId) {
      return makeFolder(runId);
    },

    async lock(runId) {
      return takeLock(runId);
    },

    async close() {
      closed = true;
      for (const lock of held) lock.release();
      held.clear();
      open?.database.close();
      open = undefined;
    },
  };
}

function attemptLock(file: string): FileLock | undefined {
  try {
    return lockFile(file);
  } catch (error) {
    throw storeFailed('lock a run', file, error);
  }
}

async function removeAllBut(kept: string, folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name !== kept) await remove(join(folder, name));
  }
}

async function remove(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    throw storeFailed('delete a file of a run', path, error);
  }
}
