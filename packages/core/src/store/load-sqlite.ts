/**
 * Loads `node:sqlite` when it is first needed, without the warning that Node 22 prints for it ("SQLite is an
 * experimental feature"). All other warnings go through. The warning is given while the module loads, so a
 * static import cannot avoid it; the call below is synchronous, so nothing else can warn in the meantime.
 */
import type * as Sqlite from 'node:sqlite';

import { MemagentError } from '../errors.ts';

/** The module `node:sqlite`. Throws `store-failed` in a Node that lacks it. */
export function loadSqlite(): typeof Sqlite {
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (!String(warning).startsWith('SQLite is an experimental feature')) {
      Reflect.apply(emitWarning, process, [warning, ...rest]);
    }
  };
  try {
    const sqlite = process.getBuiltinModule('node:sqlite') as typeof Sqlite | undefined;
    if (sqlite !== undefined) return sqlite;
  } finally {
    process.emitWarning = emitWarning;
  }
  throw new MemagentError(
    `Runs are kept with node:sqlite, which Node ${process.version} does not have. Use Node 22.13 or later.`,
    { code: 'store-failed', data: { node: process.version } },
  );
}
