import { expect, test } from 'vitest';

import { MemagentError } from '../errors.ts';
import { loadSqlite } from './load-sqlite.ts';
import { storeFailed } from './store-failed.ts';

/** What SQLite really throws when the database may not grow any more. */
function fillDatabase(): unknown {
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE t (data TEXT); PRAGMA max_page_count = 2');
  try {
    database.prepare('INSERT INTO t VALUES (?)').run('x'.repeat(100_000));
    return undefined;
  } catch (error) {
    return error;
  } finally {
    database.close();
  }
}

test('a full disk is store-failed and says so', () => {
  const cause = fillDatabase();
  expect(storeFailed('append to run a', '/home/runs.sqlite', cause)).toMatchObject({
    code: 'store-failed',
    retryable: false,
    message:
      'Could not append to run a in /home/runs.sqlite: database or disk is full. ' +
      'The disk is full; free some space, then resume.',
    cause,
  });
});

test.each([
  [{ errcode: 5 }, /try again/, true],
  [{ errcode: 5 + (2 << 8) }, /try again/, true],
  [{ errcode: 11 }, /move it away/, false],
  [{ errcode: 14 }, /can be written to/, false],
  [{ errcode: 10 }, /Check the disk/, false],
  [{ errno: -13, code: 'EACCES' }, /can be written to/, false],
  [{ errno: -28, code: 'ENOSPC' }, /disk is full/, false],
  [{ errno: -5, code: 'EIO' }, /Check the disk/, false],
])('%j becomes advice', (facts, message, retryable) => {
  const error = Object.assign(new Error('failed'), facts);
  expect(storeFailed('list the runs', '/home', error)).toMatchObject({
    code: 'store-failed',
    message: expect.stringMatching(message),
    retryable,
  });
});

test('errors of programs stay what they are', () => {
  for (const error of [
    new TypeError('cyclic'),
    'thrown text',
    new MemagentError('x', { code: 'run-not-found' }),
  ]) {
    expect(storeFailed('list the runs', '/home', error)).toBe(error);
  }
});
