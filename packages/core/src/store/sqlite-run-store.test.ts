import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { collectEvents } from './collect-events.ts';
import { loadSqlite } from './load-sqlite.ts';
import { runStoreContract } from './run-store.contract.ts';
import { sampleEvent, sampleResult, sampleRun } from './sample-run.ts';
import { createSqliteRunStore } from './sqlite-run-store.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'memagent-store-'));
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

runStoreContract('createSqliteRunStore', () => createSqliteRunStore({ home }));

test('creates nothing before it is used', async () => {
  const store = createSqliteRunStore({ home: join(home, 'deep', 'home') });
  expect(await readdir(home)).toEqual([]);
  await store.create(sampleRun('a'));
  expect(existsSync(join(home, 'deep', 'home', 'runs.sqlite'))).toBe(true);
  expect(await store.folder('a')).toBe(join(home, 'deep', 'home', 'runs', 'a'));
  await store.close();
});

test('what one store wrote, another finds', async () => {
  const first = createSqliteRunStore({ home });
  const run = sampleRun('a', { status: 'finished', result: sampleResult('a') });
  await first.create(run);
  const stored = await first.append('a', [sampleEvent(1), sampleEvent(2)]);
  await first.close();

  const second = createSqliteRunStore({ home });
  expect(await second.get('a')).toEqual(run);
  expect(await collectEvents(second, 'a')).toEqual(stored);
  await second.close();
});

test('a lock holds between two stores of one process, until the store is closed', async () => {
  const first = createSqliteRunStore({ home });
  const second = createSqliteRunStore({ home });
  await first.create(sampleRun('a'));
  await first.lock('a');
  await expect(second.lock('a')).rejects.toMatchObject({ code: 'run-locked' });
  await first.close();
  await (await second.lock('a')).release();
  await second.close();
});

test('appends all events or none', async () => {
  const store = createSqliteRunStore({ home });
  await store.create(sampleRun('a'));
  const cyclic = sampleEvent(2) as { state?: unknown };
  cyclic.state = cyclic;
  await expect(store.append('a', [sampleEvent(1), cyclic as never])).rejects.toThrow(TypeError);
  expect(await store.append('a', [sampleEvent(1)])).toMatchObject([{ seq: 1 }]);
  expect(await collectEvents(store, 'a')).toHaveLength(1);
  await store.close();
});

test('is a WAL database of a known schema that passes an integrity check', async () => {
  const store = createSqliteRunStore({ home });
  await store.create(sampleRun('a'));
  await store.append('a', [sampleEvent(1, 'x'.repeat(10_000))]);
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(join(home, 'runs.sqlite'));
  expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  await store.delete('a');
  expect(database.prepare('SELECT count(*) AS events FROM events').get()).toEqual({ events: 0 });
  database.close();
  await store.close();
});

test('refuses a database that a newer program wrote', async () => {
  const first = createSqliteRunStore({ home });
  await first.list();
  await first.close();
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(join(home, 'runs.sqlite'));
  database.exec('PRAGMA user_version = 99');
  database.close();

  await expect(createSqliteRunStore({ home }).list()).rejects.toMatchObject({
    code: 'store-failed',
    message: expect.stringMatching(/runs\.sqlite.*schema 99.*Update memagent/),
  });
});

test('names the file that is not a database, and leaves it alone', async () => {
  await writeFile(join(home, 'runs.sqlite'), 'not a database, '.repeat(1000));
  const store = createSqliteRunStore({ home });
  await expect(store.list()).rejects.toMatchObject({
    code: 'store-failed',
    message: expect.stringMatching(/runs\.sqlite.*move it away/),
    data: { path: join(home, 'runs.sqlite') },
  });
  await store.close();
});

test('names a home that cannot be written to', async () => {
  await writeFile(join(home, 'file'), '');
  await expect(createSqliteRunStore({ home: join(home, 'file', 'home') }).list()).rejects.toMatchObject({
    code: 'store-failed',
    message: expect.stringMatching(/file.*can be written to/),
  });
});

test('names a folder of a run that cannot be created', async () => {
  const store = createSqliteRunStore({ home });
  await store.create(sampleRun('a'));
  await writeFile(join(home, 'runs'), '');
  const failed = { code: 'store-failed', message: expect.stringContaining(join(home, 'runs', 'a')) };
  await expect(store.folder('a')).rejects.toMatchObject(failed);
  await expect(store.lock('a')).rejects.toMatchObject(failed);
  await store.close();
});

test('finishes a deletion that was cut short', async () => {
  const store = createSqliteRunStore({ home });
  await store.create(sampleRun('a'));
  // All but the record is gone already.
  await mkdir(join(home, 'runs'));
  await store.delete('a');
  expect(await store.list()).toEqual([]);
  expect(await readdir(join(home, 'runs'))).toEqual([]);
  await store.close();
});
