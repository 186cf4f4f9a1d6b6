import { MemagentError, messageOf } from '../errors.ts';

type Trouble = 'busy' | 'full' | 'damaged' | 'unwritable' | 'other';

const advice: Record<Trouble, string> = {
  busy: 'Another process has kept it busy for long; try again.',
  full: 'The disk is full; free some space, then resume.',
  damaged: 'The file is damaged or not a database of memagent; move it away to start anew.',
  unwritable: 'Make sure that the folder can be written to, or set another home (MEMAGENT_HOME).',
  other: 'Check the disk, or set another home (MEMAGENT_HOME).',
};

/** SQLite's primary result codes, https://sqlite.org/rescode.html. */
const sqliteTroubles: Readonly<Record<number, Trouble>> = {
  3: 'unwritable',
  5: 'busy',
  6: 'busy',
  8: 'unwritable',
  11: 'damaged',
  13: 'full',
  14: 'unwritable',
  26: 'damaged',
};

const systemTroubles: Readonly<Record<string, Trouble>> = {
  EACCES: 'unwritable',
  EEXIST: 'unwritable',
  ENOENT: 'unwritable',
  ENOTDIR: 'unwritable',
  EPERM: 'unwritable',
  EROFS: 'unwritable',
  EDQUOT: 'full',
  ENOSPC: 'full',
};

/**
 * What to throw when `operation` failed at `path`: `store-failed` for errors of SQLite and of the file system,
 * and any other error as it is.
 */
export function storeFailed(operation: string, path: string, error: unknown): unknown {
  const trouble = troubleOf(error);
  if (trouble === undefined) return error;
  return new MemagentError(`Could not ${operation} in ${path}: ${messageOf(error)}. ${advice[trouble]}`, {
    code: 'store-failed',
    retryable: trouble === 'busy',
    data: { path },
    cause: error,
  });
}

/** The primary result code of an error thrown by SQLite. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined;
  return error.errcode & 0xff;
}

function troubleOf(error: unknown): Trouble | undefined {
  const code = sqliteCode(error);
  if (code !== undefined) return sqliteTroubles[code] ?? 'other';
  if (!(error instanceof Error) || !('errno' in error) || !('code' in error)) return undefined;
  return systemTroubles[String(error.code)] ?? 'other';
}
