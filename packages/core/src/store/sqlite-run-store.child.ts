/**
 * Another process for `sqlite-run-store.test.ts`: `node sqlite-run-store.child.ts <task> <home> <runId> [n]`.
 * What it has done it writes to stdout at once, a line each.
 */
import { writeSync } from 'node:fs';

import { MemagentError } from '../errors.ts';
import { sampleEvent, sampleRun } from './sample-run.ts';
import { createSqliteRunStore } from './sqlite-run-store.ts';

const [task, home = '', runId = '', count = '0'] = process.argv.slice(2);
const store = createSqliteRunStore({ home });

/** Creates the run and appends to it; `n` events, 50 in each call. */
async function append(): Promise<void> {
  await store.create(sampleRun(runId));
  for (let first = 1; first <= Number(count); first += 50) {
    await store.append(
      runId,
      Array.from({ length: 50 }, (_, index) => sampleEvent(first + index)),
    );
  }
}

/** Takes the lock and appends until the process is killed. */
async function work(): Promise<void> {
  await store.lock(runId);
  for (let section = 1; ; section += 1) {
    await store.append(runId, [sampleEvent(section)]);
    say(String(section));
  }
}

/** Asks for the lock and, when it was given, keeps it until stdin ends. */
async function contend(): Promise<void> {
  await store.lock(runId);
  say('locked');
  process.stdin.resume();
}

/** Appends `n` big events. */
async function fill(): Promise<void> {
  await store.create(sampleRun(runId));
  for (let section = 1; section <= Number(count); section += 1) {
    await store.append(runId, [sampleEvent(section, 'x'.repeat(100_000))]);
    say(String(section));
  }
}

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

const tasks: Record<string, () => Promise<void>> = { append, work, contend, fill };
try {
  await tasks[task ?? '']?.();
} catch (error) {
  if (!(error instanceof MemagentError)) throw error;
  say(`${error.code} ${error.message}`);
}
