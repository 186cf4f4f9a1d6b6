/**
 * Runs that live as long as their store: for tests and for runs that nobody wants to keep. Records and events
 * are kept as JSON, as in a database, so that no caller shares an object with the store. Locks hold between
 * the calls of this store alone.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { RunResult, StoredEvent } from '../run/events.ts';
import { checkRunId } from './check-run-id.ts';
import { runExists, runLocked, runNotFound, storeClosed } from './run-errors.ts';
import { lastSectionRead } from './last-section-read.ts';
import type { RunLock, RunStore, RunSummary } from './run-store.ts';
import { storeFailed } from './store-failed.ts';

interface Run {
  summary: string;
  result: string | undefined;
  events: string[];
  locked: boolean;
}

/** A store in memory. Its folders lie under the system's temporary folder until `close`. */
export function createMemoryRunStore(): RunStore {
  /** In the order of creation. Undefined after `close`. */
  let runs: Map<string, Run> | undefined = new Map();
  let root: Promise<string> | undefined;

  function openRuns(): Map<string, Run> {
    if (runs === undefined) throw storeClosed();
    return runs;
  }

  function find(runId: string): Run {
    const run = openRuns().get(runId);
    if (run === undefined) throw runNotFound(runId);
    return run;
  }

  function takeLock(runId: string): RunLock {
    const run = find(runId);
    if (run.locked) throw runLocked(runId);
    run.locked = true;
    let released = false;
    return {
      async release() {
        if (!released) run.locked = false;
        released = true;
      },
    };
  }

  async function folderOf(runId: string): Promise<string> {
    root ??= mkdtemp(join(tmpdir(), 'memagent-'));
    return join(await root, runId);
  }

  return {
    async create({ result, ...summary }) {
      const { runId } = summary;
      checkRunId(runId);
      if (openRuns().has(runId)) throw runExists(runId);
      openRuns().set(runId, {
        summary: JSON.stringify(summary),
        result: result && JSON.stringify(result),
        events: [],
        locked: false,
      });
    },

    async get(runId) {
      const run = openRuns().get(runId);
      if (run === undefined) return undefined;
      const summary = parse<RunSummary>(run.summary);
      return run.result === undefined ? summary : { ...summary, result: parse<RunResult>(run.result) };
    },

    async list({ limit, prefix = '' } = {}) {
      return [...openRuns().values()]
        .map(({ summary }) => parse<RunSummary>(summary))
        .filter(({ runId }) => runId.startsWith(prefix))
        .toReversed()
        .toSorted((a, b) => b.createdAt - a.createdAt)
        .slice(0, limit);
    },

    async update(runId, { result, ...change }) {
      const run = find(runId);
      run.summary = JSON.stringify({ ...parse<RunSummary>(run.summary), ...change });
      if (result !== undefined) run.result = JSON.stringify(result);
    },

    async append(runId, events) {
      const run = find(runId);
      const numbered = events.map((event, index) => ({ seq: run.events.length + 1 + index, ...event }));
      run.events.push(...numbered.map((event) => JSON.stringify(event)));
      const read = lastSectionRead(events);
      if (read) run.summary = JSON.stringify({ ...parse<RunSummary>(run.summary), ...read });
      return numbered;
    },

    async *events(runId, after = 0) {
      for (let index = after; ; index += 1) {
        const event = find(runId).events[index];
        if (event === undefined) return;
        yield parse<StoredEvent>(event);
      }
    },

    async delete(runId) {
      const lock = takeLock(runId);
      try {
        await rm(await folderOf(runId), { recursive: true, force: true });
        runs?.delete(runId);
      } finally {
        await lock.release();
      }
    },

    async folder(runId) {
      find(runId);
      const folder = await folderOf(runId);
      try {
        await mkdir(folder, { recursive: true });
      } catch (error) {
        throw storeFailed('create the folder of a run', folder, error);
      }
      return folder;
    },

    async lock(runId) {
      return takeLock(runId);
    },

    async close() {
      runs = undefined;
      if (root !== undefined) await rm(await root, { recursive: true, force: true });
    },
  };
}

function parse<T>(json: string): T {
  return JSON.parse(json) as T;
}
