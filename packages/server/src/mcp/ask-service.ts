/**
 * What the tools do. No call takes longer than `answerWithinMs`: then it tells how far the run has come, and the run
 * goes on. Runs that other programs began in the same store are not shown.
 */
import {
  type Json,
  MemagentError,
  parseAgainStep,
  type ReadingOptions,
  type RunRecord,
  type RunStore,
  type SessionOptions,
  type SourceInput,
  type SourceRecord,
} from '@memagent/core';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { FileGate } from '../documents/file-gate.ts';
import type { UrlGate } from '../documents/url-gate.ts';
import type { LiveRun, RunSupervisor } from '../runs/run-supervisor.ts';
import { describeRun, describeRunning, type RunState } from './run-state.ts';

export interface AskServiceOptions {
  supervisor: RunSupervisor;
  store: RunStore;
  /** How documents are read, and by which model. */
  reading: ReadingOptions & Omit<SessionOptions, 'store' | 'home' | 'signal'>;
  /** Kept with each run, beside this service's own mark: what another program needs to go on with it. */
  client?: Readonly<Record<string, Json>>;
  files: FileGate;
  urls: UrlGate;
  /** Longest that a call takes. */
  answerWithinMs: number;
}

/** How a document is named; one of these. */
export interface DocumentChoice {
  path?: string | undefined;
  text?: string | undefined;
  url?: string | undefined;
  /** What a text is called in citations. */
  name?: string | undefined;
}

/** The request that a call answers. */
export interface Call {
  /** Aborts when the answer is no longer wanted. */
  signal: AbortSignal;
  /** Whether the caller gave the work up, not just the connection; asked once `signal` has aborted. */
  isCancelled: () => boolean;
  /** Hears of each section, and of each that is read again: how many that makes, and which it is. */
  onSection?: ((read: number, name: string) => void) | undefined;
}

export interface AskService {
  /** Throws what keeps a run from beginning; what stops it later is its state. */
  ask(document: DocumentChoice, question: string, call: Call): Promise<RunState>;
  /** The same document as an earlier run's. */
  askAgain(runId: string, question: string, call: Call): Promise<RunState>;
  /** Takes up a run that nobody works on. A run that was stopped stays so. */
  wait(runId: string, call: Call): Promise<RunState>;
  resume(runId: string, call: Call): Promise<RunState>;
  cancel(runId: string): Promise<RunState>;
  /** Newest first. */
  list(limit: number): Promise<RunState[]>;
  /** The record of a run. Throws `run-not-found` for one that is not this service's. */
  get(runId: string): Promise<RunRecord>;
  state(record: RunRecord): Promise<RunState>;
  /** The memory as it stands. */
  memory(record: RunRecord): Promise<string>;
  /** Takes up what an earlier process left unfinished. */
  resumeAll(): Promise<LiveRun[]>;
}

/** What a run's record says of it beside what other programs need. */
const noteSchema = z.object({ mcp: z.object({ document: z.enum(['path', 'text', 'url']) }) });

type DocumentKind = z.output<typeof noteSchema>['mcp']['document'];

/** How often a run is looked at that another process works on. */
const pollMs = 1000;

/** Makes the service. */
export function createAskService(options: AskServiceOptions): AskService {
  const { supervisor, store, reading, files, urls, answerWithinMs } = options;

  async function get(runId: string): Promise<RunRecord> {
    const record = await store.get(runId);
    if (record && isOurs(record)) return record;
    throw new MemagentError(`There is no run ${JSON.stringify(runId)}. list_runs tells which there are.`, {
      code: 'run-not-found',
      data: { runId },
    });
  }

  async function startOn(
    { path, text, url, name }: DocumentChoice,
    question: string,
    deadline: AbortSignal,
  ): Promise<LiveRun> {
    const given = [path, text, url].filter((value) => value !== undefined).length;
    if (given !== 1) {
      throw new MemagentError(`Name the document in one way: ${given} of path, text and url were given.`, {
        code: 'invalid-option',
      });
    }
    if (path !== undefined) return start(question, files.open(path), 'path');
    if (url !== undefined) return start(question, await urls.open(url, deadline), 'url');
    return start(question, { text: text ?? '', ...(name === undefined ? {} : { name }) }, 'text');
  }

  /** Follows a run to its end or the call's, whichever comes first. */
  async function follow(
    live: LiveRun,
    question: string,
    call: Call,
    deadline: AbortSignal,
  ): Promise<RunState> {
    const { runId } = live;
    let sections = (await store.get(runId))?.sections ?? 0;
    try {
      for await (const event of supervisor.events(runId, { after: live.lastSeq, signal: deadline })) {
        if (event.type === 'section-start') {
          sections = event.section;
          call.onSection?.(sections, `Section ${sections}`);
        } else if (event.type === 'memory-updated') {
          const again = parseAgainStep(event.step);
          if (again?.part === 1)
            call.onSection?.(sections + again.section, `Section ${again.section}, second pass`);
        }
      }
    } catch (error) {
      if (call.signal.aborted) throw call.signal.reason;
      if (!deadline.aborted) throw error;
      const record = await store.get(runId);
      return record ? describeRun(record, store) : describeRunning(runId, question, 0);
    }
    const failure: unknown = await live.result.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    const record = await store.get(runId);
    // What cannot go on leaves nothing; what can, it does.
    if (failure !== undefined && record?.status !== 'stopped') throw failure;
    return describeRun(record ?? (await get(runId)), store);
  }

  /** Runs `begin` and follows what it began. If the caller gives the call up, the run is given up, too. */
  async function work(
    question: string,
    call: Call,
    begin: (deadline: AbortSignal) => Promise<LiveRun>,
  ): Promise<RunState> {
    return withDeadline(call.signal, answerWithinMs, async (deadline) => {
      const live = await begin(deadline);
      try {
        return await follow(live, question, call, deadline);
      } finally {
        if (call.signal.aborted && call.isCancelled()) await supervisor.cancel(live.runId);
      }
    });
  }

  function start(question: string, source: SourceInput, document: DocumentKind): LiveRun {
    return supervisor.start({
      ...reading,
      question,
      source,
      client: { ...options.client, mcp: { document } },
    });
  }

  function goOn({ runId, sources }: Pick<RunRecord, 'runId' | 'sources'>): LiveRun {
    requireOpen(sources);
    return supervisor.resume({ ...reading, runId });
  }

  /** What was open when a run began may not be any more. */
  function requireOpen(sources: readonly SourceRecord[]): void {
    for (const source of sources) if (source.kind !== 'spool') files.open(source.path);
  }

  return {
    get,
    state: (record) => describeRun(record, store),
    ask: (document, question, call) =>
      work(question, call, (deadline) => startOn(document, question, deadline)),
    async askAgain(runId, question, call) {
      const record = await get(runId);
      requireOpen(record.sources);
      const document = documentOf(record) ?? 'path';
      return work(question, call, async () =>
        start(question, await sameSources(record, document === 'text', store), document),
      );
    },
    async wait(runId, call) {
      const record = await get(runId);
      const live = supervisor.find(runId);
      if (!live && record.status !== 'running') return describeRun(record, store);
      return withDeadline(call.signal, answerWithinMs, async (deadline) => {
        try {
          return await follow(live ?? goOn(record), record.question, call, deadline);
        } catch (error) {
          if (!isLocked(error)) throw error;
        }
        // Another process works on it.
        let latest = record;
        while (latest.status === 'running' && !deadline.aborted) {
          await delay(pollMs, undefined, { signal: deadline }).catch(() => {});
          call.signal.throwIfAborted();
          latest = await get(runId);
        }
        return describeRun(latest, store);
      });
    },
    async resume(runId, call) {
      const record = await get(runId);
      if (record.status === 'finished') return describeRun(record, store);
      return work(record.question, call, async () => goOn(record));
    },
    async cancel(runId) {
      const record = await get(runId);
      const wasLive = await supervisor.cancel(runId);
      if (!wasLive && record.status === 'running') {
        // Nobody works on it, or another process does, which alone can stop it.
        const lock = await store.lock(runId);
        await store.update(runId, { status: 'stopped', updatedAt: Date.now() });
        await lock.release();
      }
      return describeRun(await get(runId), store);
    },
    async list(limit) {
      const ours = (await store.list()).filter(isOurs).slice(0, limit);
      return Promise.all(ours.map(async ({ runId }) => describeRun(await get(runId), store)));
    },
    async memory(record) {
      if (record.result) return record.result.memory;
      let memory = '';
      for await (const event of store.events(record.runId)) {
        if (event.type === 'memory-updated') ({ memory } = event);
      }
      return memory;
    },
    resumeAll: () => supervisor.resumeAll((run) => (isOurs(run) ? reading : undefined)),
  };
}

function documentOf({ client }: Pick<RunRecord, 'client'>): DocumentKind | undefined {
  return noteSchema.safeParse(client).data?.mcp.document;
}

function isOurs(run: Pick<RunRecord, 'client'>): boolean {
  return documentOf(run) !== undefined;
}

function isLocked(error: unknown): boolean {
  return error instanceof MemagentError && error.code === 'run-locked';
}

/** Calls `work` with a signal that aborts with `signal`, or when the time is up. */
async function withDeadline<Value>(
  signal: AbortSignal,
  ms: number,
  work: (deadline: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const time = new AbortController();
  const timer = setTimeout(
    () => time.abort(new DOMException('The time for an answer is up.', 'TimeoutError')),
    ms,
  );
  try {
    return await work(AbortSignal.any([signal, time.signal]));
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The sources of a run for another one. What was received is copied from the first run's folder; a text whole, so
 * that the new run can be resumed from its first moment.
 */
async function sameSources(
  { runId, sources }: RunRecord,
  isText: boolean,
  store: RunStore,
): Promise<SourceInput> {
  return Promise.all(
    sources.map(async (source): Promise<SourceInput> => {
      switch (source.kind) {
        case 'directory':
          return { directory: source.path };
        case 'file': {
          const { kind: _kind, path, ...rest } = source;
          return { file: path, ...rest };
        }
        case 'spool': {
          const { kind: _kind, file, ...rest } = source;
          const copy = resolve(await store.folder(runId), file);
          return isText
            ? { text: await readFile(copy, 'utf8'), name: rest.name }
            : { stream: createReadStream(copy), ...rest };
        }
        default:
          return source satisfies never;
      }
    }),
  );
}
