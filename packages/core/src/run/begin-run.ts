/** What `read` and `extract`, and going on with either, have in common: a run in the store and its first session. */
import { MemagentError } from '../errors.ts';
import { defaultHome } from '../home.ts';
import type { Json } from '../json.ts';
import { openSources } from '../source/open-sources.ts';
import { recordSources } from '../source/list-sources.ts';
import { mayHoldSeveral } from '../source/may-hold-several.ts';
import type { SourceInput, SourceRecord } from '../source/source.ts';
import { createRunId } from '../store/create-run-id.ts';
import { runNotFound } from '../store/run-errors.ts';
import type { RunRecord, RunStore } from '../store/run-store.ts';
import { createSqliteRunStore } from '../store/sqlite-run-store.ts';
import { createCommittedSteps } from './committed-steps.ts';
import { leaseStore, type StoreLease } from './lease-store.ts';
import type { Reading } from './prepare-reading.ts';
import { defaultConcurrency, type SessionOptions } from './read-options.ts';
import { replayEvents } from './replay.ts';
import { runAgent } from './run-agent.ts';
import { createRunBudget, joinBudgets } from './run-budget.ts';
import type { Run } from './run.ts';
import { requireSameSettings } from './settings-difference.ts';
import { type RunSession, startRun } from './start-run.ts';

/** What a run begins with, however it reads. */
export interface BeginOptions extends SessionOptions {
  source: SourceInput;
  runId?: string;
  client?: Json;
}

/** Begins a run at once. What `prepare` throws settles its `result`, and leaves nothing behind. */
export function beginRun(options: BeginOptions, prepare: () => Promise<Reading>): Run {
  const now = Date.now;
  const runId = options.runId ?? createRunId(now, Math.random);
  let reading: Reading;
  return startRun({
    runId,
    signal: options.signal,
    maxTimeMs: options.maxTimeMs,
    lease: leaseFor(options),
    now,
    async create(store) {
      reading = await prepare();
      const at = now();
      await store.create({
        runId,
        status: 'running',
        question: reading.settings.question,
        settings: reading.settings,
        sources: recordSources(options.source),
        sections: 0,
        createdAt: at,
        updatedAt: at,
        ...(options.client === undefined ? {} : { client: options.client }),
      });
    },
    open: (store, signal) => openSession(runId, reading, options.source, options, store, signal),
  });
}

/** Goes on with a run that is not finished, with what `prepare` makes of its record. */
export function continueRun(
  options: SessionOptions & { runId: string; source?: SourceInput },
  prepare: (record: RunRecord) => Promise<Reading>,
): Run {
  const { runId } = options;
  return startRun({
    runId,
    signal: options.signal,
    maxTimeMs: options.maxTimeMs,
    lease: leaseFor(options),
    now: Date.now,
    async open(store, signal) {
      const record = await store.get(runId);
      if (!record) throw runNotFound(runId);
      if (record.status === 'finished') {
        throw new MemagentError(`Run ${runId} is finished; there is nothing to resume.`, {
          code: 'run-finished',
          data: { runId },
        });
      }
      if (record.status === 'cancelled') {
        throw new MemagentError(`Run ${runId} was cancelled for good. Ask again to begin a new one.`, {
          code: 'run-cancelled',
          data: { runId },
        });
      }
      const reading = await prepare(record);
      requireSameSettings(runId, record.settings, reading.settings);
      await store.update(runId, { status: 'running', updatedAt: Date.now() });
      const source = options.source ?? record.sources;
      return openSession(runId, reading, source, options, store, signal);
    },
  });
}

async function openSession(
  runId: string,
  reading: Reading,
  source: SourceInput | readonly SourceRecord[],
  options: SessionOptions,
  store: RunStore,
  signal: AbortSignal,
): Promise<RunSession> {
  let made: Promise<string> | undefined;
  const folder = (): Promise<string> => (made ??= store.folder(runId));
  const replay = await replayEvents(store.events(runId));
  const own = createRunBudget(options, reading.prices, replay.usage);
  let records: readonly SourceRecord[] = [];
  const agent = runAgent({
    ...reading,
    runId,
    replay,
    committed: createCommittedSteps(store.events(runId), replay.lastSeq),
    budget: options.budget ? joinBudgets(own, options.budget) : own,
    openSources(onSkip) {
      records = recordSources(source); // A pipe may be gone when it has been read.
      return openSources(source, { folder, signal, onSkip });
    },
    reopenSources: () => openSources(records, { folder, signal }),
    hasSeveralSources: mayHoldSeveral(source),
    concurrency: options.concurrency ?? defaultConcurrency,
    folder,
    signal,
    now: Date.now,
  });
  return { after: replay.lastSeq, agent };
}

/** The store of a run: the caller's, or one of its own. */
export function leaseFor({ store, home }: Pick<SessionOptions, 'store' | 'home'>): StoreLease {
  return leaseStore(store, () => createSqliteRunStore({ home: home ?? defaultHome() }));
}
