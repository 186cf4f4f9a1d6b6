/**
 * Keeps runs going in this process, whoever asked for them: a run goes on when its caller has left, any number
 * of callers may watch it, and what is unfinished when the process ends is taken up by the next one. All that
 * outlives the process is in the store; here is only who works on what.
 */
import {
  MemagentError,
  read,
  type ReadOptions,
  resume,
  type ResumeOptions,
  type Run,
  type RunResult,
  type RunStore,
  type RunSummary,
  type StoredEvent,
} from '@memagent/core';

export interface RunSupervisorOptions {
  store: RunStore;
  /** Most runs at once; another is refused. Default: no limit. */
  maxRuns?: number;
}

/** A run that this process works on. */
export interface LiveRun {
  readonly runId: string;
  /** Resolves when this session's first event is stored; rejects if it never came to that. */
  readonly started: Promise<void>;
  /** Number of the last event that was stored here; 0 before the first. */
  readonly lastSeq: number;
  readonly result: Promise<RunResult>;
}

export interface RunSupervisor {
  /** Begins a run. Throws as `read` does, and `limit-reached` (retryable) when `maxRuns` are at work. */
  start(options: Omit<ReadOptions, 'store' | 'signal' | 'home'>): LiveRun;
  /** Goes on with a run; one that is being worked on here is returned as it is. Throws as `start` does. */
  resume(options: Omit<ResumeOptions, 'store' | 'signal' | 'home'>): LiveRun;
  /**
   * Takes up every run that has neither ended nor been stopped and that no process works on, as after a crash,
   * `maxRuns` notwithstanding. `optionsFor` leaves those alone for which it returns nothing.
   */
  resumeAll(
    optionsFor: (run: RunSummary) => Omit<ResumeOptions, 'runId' | 'store' | 'signal' | 'home'> | undefined,
  ): Promise<LiveRun[]>;
  /** The run, if this process works on it. */
  find(runId: string): LiveRun | undefined;
  /**
   * The run's events above `after` (default 0), then those to come for as long as it is worked on here; none of a
   * run that could not begin. Leaving the loop leaves the run alone. Ends when the supervisor closes, as the store may be
   * closed then. Throws the signal's reason when it aborts.
   */
  events(runId: string, options?: { after?: number; signal?: AbortSignal }): AsyncGenerator<StoredEvent>;
  /** Stops a run resumably, at once; false if it is not worked on here. `reason` is kept in its trace. */
  cancel(runId: string, reason?: string): Promise<boolean>;
  /** Stops all runs and leaves them to the next process (`resumeAll`). */
  close(): Promise<void>;
}

interface WorkingRun extends LiveRun {
  lastSeq: number;
  controller: AbortController;
  /** Resolves when an event was stored, or the run ended. */
  change: PromiseWithResolvers<void>;
  /** Resolves when the run has ended, one way or the other. */
  ended: Promise<void>;
}

/** Makes a supervisor of runs in `store`, which stays the caller's to close, after the supervisor. */
export function createRunSupervisor({ store, maxRuns = Infinity }: RunSupervisorOptions): RunSupervisor {
  const working = new Map<string, WorkingRun>();
  let isClosed = false;

  function requireRoom(): void {
    if (working.size < maxRuns) return;
    throw new MemagentError(
      `${working.size} runs are at work, as many as may be at once. Try again when one has ended, or cancel one.`,
      { code: 'limit-reached', retryable: true, data: { limit: 'maxRuns', value: maxRuns } },
    );
  }

  function supervise(begin: (signal: AbortSignal) => Run): LiveRun {
    if (isClosed)
      throw new MemagentError('The server is closing down; no run begins.', { code: 'unexpected' });
    const controller = new AbortController();
    const run = begin(controller.signal);
    const { runId, result } = run;
    const started = Promise.withResolvers<void>();
    started.promise.catch(() => {}); // Whoever does not wait for it hears of the failure from `result`.
    const entry: WorkingRun = {
      runId,
      result,
      started: started.promise,
      lastSeq: 0,
      controller,
      change: Promise.withResolvers(),
      ended: follow(),
    };
    working.set(runId, entry);
    return entry;

    async function follow(): Promise<void> {
      try {
        for await (const { seq } of run) {
          entry.lastSeq = seq;
          started.resolve();
          entry.change.resolve();
          entry.change = Promise.withResolvers();
        }
        started.resolve();
      } catch (error) {
        started.reject(error);
      }
      working.delete(runId);
      entry.change.resolve();
    }
  }

  function goOn(options: Omit<ResumeOptions, 'store' | 'signal' | 'home'>): LiveRun {
    return working.get(options.runId) ?? supervise((signal) => resume({ ...options, store, signal }));
  }

  return {
    start(options) {
      requireRoom();
      return supervise((signal) => read({ ...options, store, signal }));
    },
    resume(options) {
      if (!working.has(options.runId)) requireRoom();
      return goOn(options);
    },
    async resumeAll(optionsFor) {
      const left = (await store.list()).filter(
        ({ runId, status }) => status === 'running' && !working.has(runId),
      );
      return left.flatMap((run) => {
        const options = optionsFor(run);
        return options ? [goOn({ ...options, runId: run.runId })] : [];
      });
    },
    find: (runId) => working.get(runId),
    async *events(runId, { after = 0, signal } = {}) {
      let last = after;
      const aborted = Promise.withResolvers<void>();
      const onAbort = (): void => aborted.resolve();
      signal?.addEventListener('abort', onAbort, { once: true });
      // Of a run that only begins there is nothing in the store yet; of one that cannot begin there never is.
      const begins = working.get(runId)?.started.then(
        () => true,
        () => false,
      );
      try {
        if ((await Promise.race([begins ?? true, aborted.promise])) === false) return;
        signal?.throwIfAborted();
        while (true) {
          if (isClosed) return;
          const run = working.get(runId);
          const change = run?.change.promise;
          for await (const event of store.events(runId, last)) {
            signal?.throwIfAborted();
            last = event.seq;
            yield event;
            if (isClosed) return;
          }
          if (!change) return;
          await Promise.race([change, aborted.promise]);
          signal?.throwIfAborted();
        }
      } catch (error) {
        // A run that turned out to be impossible is not left behind; `result` tells why.
        if (!begins || !(error instanceof MemagentError) || error.code !== 'run-not-found') throw error;
      } finally {
        signal?.removeEventListener('abort', onAbort);
      }
    },
    async cancel(runId, reason = 'The run was cancelled.') {
      const run = working.get(runId);
      if (!run) return false;
      run.controller.abort(new DOMException(reason, 'AbortError'));
      await run.ended;
      return true;
    },
    async close() {
      isClosed = true;
      const left = [...working.values()];
      for (const { controller } of left) {
        controller.abort(new DOMException('The server was shut down.', 'AbortError'));
      }
      for (const { runId, ended } of left) {
        await ended;
        // As a process leaves it that is killed: `running`, and locked by nobody.
        const record = await store.get(runId);
        if (record?.status === 'stopped') {
          await store.update(runId, { status: 'running', updatedAt: record.updatedAt });
        }
      }
    },
  };
}
