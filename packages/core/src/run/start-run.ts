/**
 * Works on one run in this process: takes its lock, drives the agent, stores what happened before the next
 * call goes out, and leaves the run finished or resumable whatever happens.
 */
import { type ErrorCode, MemagentError, messageOf, RunStoppedError } from '../errors.ts';
import { longestDelayMs } from '../model/wait.ts';
import type { RunLock, RunStore } from '../store/run-store.ts';
import type { RunEvent, RunResult, StoredEvent } from './events.ts';
import type { StoreLease } from './lease-store.ts';
import type { Run } from './run.ts';
import { timeIsUp } from './run-budget.ts';

/** What `read` and `resume` do differently: everything up to the agent's first event. */
export interface RunSession {
  /** Events with a higher number are this session's. */
  after: number;
  agent: AsyncGenerator<readonly RunEvent[], RunResult>;
}

export interface StartOptions {
  runId: string;
  signal: AbortSignal | undefined;
  maxTimeMs: number | undefined;
  lease: StoreLease;
  /** Called under the run's lock; `signal` stops what it starts. */
  open: (store: RunStore, signal: AbortSignal) => Promise<RunSession>;
  /** Puts a new run's record into the store; absent when the run exists. */
  create?: (store: RunStore) => Promise<void>;
  now: () => number;
}

/** Starts working at once; the events wait in the store for whoever iterates. */
export function startRun({ runId, signal, maxTimeMs, lease, open, create, now }: StartOptions): Run {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signal?.reason);
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer =
    maxTimeMs === undefined ? undefined : setTimeout(stopForTime, Math.min(maxTimeMs, longestDelayMs));

  let change = Promise.withResolvers<void>();
  let session: RunSession | undefined;
  let hasRead = false;
  let hasPaid = false;
  let isDeleted = false;
  let isSettled = false;
  const announce = (): void => {
    change.resolve();
    change = Promise.withResolvers();
  };

  function stopForTime(): void {
    controller.abort(timeIsUp(maxTimeMs ?? 0));
  }

  async function work(): Promise<RunResult> {
    const startedAt = now();
    const store = lease.acquire();
    let lock: RunLock | undefined;
    try {
      controller.signal.throwIfAborted();
      await create?.(store);
      lock = await store.lock(runId);
      session = await open(store, controller.signal);
      const result = await drive(store, runId, session, (events) => {
        hasRead ||= events.some(({ type }) => type === 'section-start');
        hasPaid ||= events.some(({ type }) => type === 'call-end');
        announce();
      });
      await store.update(runId, { status: 'finished', result, updatedAt: now() });
      return result;
    } catch (error) {
      // Stops what is still in flight beside the step that failed.
      if (!controller.signal.aborted) controller.abort(error);
      if (!session) throw error;
      await session.agent.return(undefined as never).catch(() => {});
      if (create && (isUnusableModel(error) ? !hasPaid : !hasRead && isMisuse(error))) {
        // Nothing was read, or paid for: a run that could never go on is not left behind.
        await lock?.release();
        isDeleted = true;
        await store.delete(runId).catch(() => {}); // A store that fails, too, is not what the caller has to mend.
        throw error;
      }
      await recordStop(store, runId, error, now() - startedAt, now);
      throw isCallersAbort(error, signal) ? error : stopped(error, runId);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      isSettled = true;
      announce();
      await lock?.release();
      await lease.release();
    }
  }

  const result = work();
  result.catch(() => {}); // Whoever awaits `result` or iterates gets the error; the store has it in any case.

  return {
    runId,
    result,
    async *[Symbol.asyncIterator](): AsyncGenerator<StoredEvent> {
      const store = lease.acquire();
      let after: number | undefined;
      try {
        while (true) {
          const { promise } = change;
          const wasSettled = isSettled;
          // Of a run that was not left behind there are no events, only the error below.
          if (session && !isDeleted) {
            after ??= session.after;
            for await (const event of store.events(runId, after)) {
              after = event.seq;
              yield event;
            }
          }
          if (wasSettled) break;
          await promise;
        }
        await result;
      } finally {
        if (!isSettled) {
          controller.abort(new DOMException('The loop over the events of the run was left.', 'AbortError'));
          await result.catch(() => {});
        }
        await lease.release();
      }
    },
  };
}

/** Stores each batch of events before the agent gives the next. */
async function drive(
  store: RunStore,
  runId: string,
  { agent }: RunSession,
  onStored: (events: readonly RunEvent[]) => void,
): Promise<RunResult> {
  while (true) {
    const next = await agent.next();
    if (next.done) return next.value;
    await store.append(runId, next.value);
    onStored(next.value);
  }
}

/** Leaves a trace of why the run stopped; if even that fails, the first error is the one that matters. */
async function recordStop(
  store: RunStore,
  runId: string,
  error: unknown,
  elapsedMs: number,
  now: () => number,
): Promise<void> {
  const code = error instanceof MemagentError ? error.code : error instanceof Error ? error.name : 'unknown';
  try {
    await store.append(runId, [{ at: now(), type: 'run-stop', code, message: messageOf(error), elapsedMs }]);
    await store.update(runId, { status: 'stopped', updatedAt: now() });
  } catch {
    // The store itself is what failed: the run stays `running` with no lock, which `resume` takes up all the same.
  }
}

/** Errors of what the caller gave, which no later session would get over unless that is put right. */
function isMisuse(error: unknown): boolean {
  return error instanceof MemagentError && misuseCodes.has(error.code);
}

/** The same of the model, which is asked only after something was read. */
function isUnusableModel(error: unknown): boolean {
  return error instanceof MemagentError && error.code === 'model-unavailable';
}

const misuseCodes: ReadonlySet<ErrorCode> = new Set([
  'source-unreadable',
  'source-empty',
  'source-binary',
  'window-too-small',
  'invalid-option',
]);

function isCallersAbort(error: unknown, signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true && error === signal.reason;
}

function stopped(error: unknown, runId: string): RunStoppedError {
  return new RunStoppedError(messageOf(error), {
    runId,
    code: error instanceof MemagentError ? error.code : 'unexpected',
    retryable: error instanceof MemagentError && error.retryable,
    data: error instanceof MemagentError ? error.data : {},
    cause: error,
  });
}
