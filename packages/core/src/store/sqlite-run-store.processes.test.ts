/** What must hold between processes, shown with real ones. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { collectEvents } from './collect-events.ts';
import type { RunStore } from './run-store.ts';
import { sampleEvent, sampleRun } from './sample-run.ts';
import { createSqliteRunStore } from './sqlite-run-store.ts';

const script = fileURLToPath(new URL('sqlite-run-store.child.ts', import.meta.url));

let home: string;
let store: RunStore;
let children: ChildProcess[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'memagent-processes-'));
  store = createSqliteRunStore({ home });
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await store.close();
  rmSync(home, { recursive: true, force: true });
});

function start(command: string, args: readonly string[]) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  children.push(child);
  return child;
}

const startTask = (...args: string[]) => start(process.execPath, [script, ...args]);

test('of processes that ask for one lock exactly one gets it, and the next when that one ends', async () => {
  await store.create(sampleRun('a'));
  const contenders = [1, 2, 3].map(() => startTask('contend', home, 'a'));
  const exits = contenders.map((child) => once(child, 'exit'));
  const lines = await Promise.all(
    contenders.map(async ({ stdout }) => String(await once(createInterface(stdout), 'line'))),
  );
  expect(lines.filter((line) => line === 'locked')).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith('run-locked Run a '))).toHaveLength(2);
  await expect(store.lock('a')).rejects.toMatchObject({ code: 'run-locked' });

  for (const { stdin } of contenders) stdin.end();
  await Promise.all(exits);
  await (await store.lock('a')).release();
});

test('kill -9 frees the lock at once and loses nothing that was appended', async () => {
  await store.create(sampleRun('a'));
  const worker = startTask('work', home, 'a');
  const exited = once(worker, 'exit');
  const lines = createInterface(worker.stdout);
  let confirmed = 0;
  lines.on('line', (line) => (confirmed = Number(line)));
  await once(lines, 'line');
  await expect(store.lock('a')).rejects.toMatchObject({ code: 'run-locked' });

  const drained = once(lines, 'close');
  worker.kill('SIGKILL');
  expect(await exited).toEqual([null, 'SIGKILL']);
  const lock = await store.lock('a');
  const events = await collectEvents(store, 'a');
  await drained;
  expect(confirmed).toBeGreaterThan(0);
  // The event whose line was not written yet may be there, too.
  expect([confirmed, confirmed + 1]).toContain(events.length);
  expect(events).toEqual(events.map((_, index) => ({ seq: index + 1, ...sampleEvent(index + 1) })));
  await lock.release();
});

test('processes create one database and append to their runs at the same time', async () => {
  const runIds = ['a', 'b', 'c', 'd'];
  const outputs = await Promise.all(
    runIds.map(async (runId) => {
      const { stdout, stderr } = startTask('append', home, runId, '500');
      return (await text(stdout)) + (await text(stderr));
    }),
  );
  expect(outputs).toEqual(['', '', '', '']);
  for (const runId of runIds) {
    const events = await collectEvents(store, runId);
    expect(events).toEqual(
      Array.from({ length: 500 }, (_, index) => ({ seq: index + 1, ...sampleEvent(index + 1) })),
    );
  }
});

test.skipIf(process.platform === 'win32')('a write that the system refuses is store-failed', async () => {
  // A limit of 1 MiB on the size of files stands for a disk that is full.
  const shell = start('sh', [
    '-c',
    'ulimit -f 2048; exec "$@"',
    'sh',
    process.execPath,
    script,
    'fill',
    home,
    'a',
    '50',
  ]);
  const lines = (await text(shell.stdout)).trim().split('\n');
  const confirmed = lines.length - 1;
  expect(lines.at(-1)).toMatch(/^store-failed Could not append to run a in .*runs\.sqlite: /);
  expect(confirmed).toBeGreaterThan(0);
  expect(await collectEvents(store, 'a')).toHaveLength(confirmed);
});
