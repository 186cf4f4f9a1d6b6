/**
 * Gathers calls that wait at the same time into one batch. Readings side by side all come to their next call within
 * the same turn of the event loop; a batch goes off when a turn has brought no new call.
 */

export interface BatchedCalls<Request, Result> {
  /** Rejects with the signal's reason when it is aborted before the batch goes off. */
  call(request: Request, signal?: AbortSignal): Promise<Result>;
  /** Rejects what still waits. */
  close(reason: unknown): void;
}

interface Waiting<Request, Result> {
  request: Request;
  signal: AbortSignal | undefined;
  resolve(result: Result): void;
  reject(reason: unknown): void;
}

/** `run` computes a batch, results in the order of the requests; what it throws rejects the whole batch. */
export function batchCalls<Request, Result>(
  run: (requests: readonly Request[]) => readonly Result[],
): BatchedCalls<Request, Result> {
  let waiting: Waiting<Request, Result>[] = [];

  function goOffWhenQuiet(seen: number): void {
    setImmediate(() => {
      if (waiting.length === 0) return;
      if (waiting.length > seen) goOffWhenQuiet(waiting.length);
      else goOff();
    });
  }

  function goOff(): void {
    const aborted = waiting.filter(({ signal }) => signal?.aborted);
    for (const { reject, signal } of aborted) reject(signal?.reason);
    const batch = waiting.filter(({ signal }) => !signal?.aborted);
    waiting = [];
    if (batch.length === 0) return;
    try {
      const results = run(batch.map(({ request }) => request));
      batch.forEach(({ resolve }, index) => resolve(results[index] as Result));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  return {
    call: (request, signal) =>
      new Promise((resolve, reject) => {
        waiting.push({ request, signal, resolve, reject });
        if (waiting.length === 1) goOffWhenQuiet(0);
      }),
    close(reason) {
      for (const { reject } of waiting) reject(reason);
      waiting = [];
    },
  };
}
