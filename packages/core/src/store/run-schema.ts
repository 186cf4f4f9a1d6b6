/**
 * The tables of `runs.sqlite`. The number of migrations that a database has seen is its `user_version`; a
 * migration, once released, is never changed.
 *
 * Texts that people or models wrote are stored as JSON only: it escapes what SQLite's TEXT cannot hold (lone
 * surrogates) or handles badly (U+0000). Results have their own table so that a list of runs does not read
 * them. Times are REAL because a clock may give fractions of milliseconds.
 */
import type { DatabaseSync } from 'node:sqlite';

import { MemagentError } from '../errors.ts';
import { createTransactor } from './transactor.ts';

const migrations: readonly string[] = [
  `CREATE TABLE runs (
     id INTEGER PRIMARY KEY,
     run_id TEXT NOT NULL UNIQUE,
     status TEXT NOT NULL,
     sections INTEGER NOT NULL,
     created_at REAL NOT NULL,
     updated_at REAL NOT NULL,
     data TEXT NOT NULL
   ) STRICT;
   CREATE INDEX runs_by_age ON runs (created_at, id);
   CREATE TABLE results (
     run_id TEXT PRIMARY KEY REFERENCES runs (run_id) ON DELETE CASCADE,
     data TEXT NOT NULL
   ) STRICT;
   CREATE TABLE events (
     run_id TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
     seq INTEGER NOT NULL,
     type TEXT NOT NULL,
     at REAL NOT NULL,
     data TEXT NOT NULL,
     PRIMARY KEY (run_id, seq)
   ) STRICT;`,
];

/** Brings a database up to the newest schema. `path` is for the message when a newer program wrote it. */
export function migrateRunSchema(database: DatabaseSync, path: string): void {
  if (versionOf(database) === migrations.length) return;
  createTransactor(database)(() => {
    const version = versionOf(database);
    if (version > migrations.length) {
      throw new MemagentError(
        `Cannot use ${path}: a newer memagent wrote it (schema ${version}, this one knows ${migrations.length}). ` +
          'Update memagent, or set another home (MEMAGENT_HOME).',
        { code: 'store-failed', data: { path, version } },
      );
    }
    for (const migration of migrations.slice(version)) database.exec(migration);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
}
