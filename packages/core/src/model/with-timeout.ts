import { AttemptTimeoutError } from './failure.ts';
import { longestDelayMs } from './wait.ts';

/**
 * Runs `work` with a signal that aborts on the caller's abort or after `timeoutMs`. The caller's abort rejects
 * with the signal's own reason at once, even if `work` does not listen. Leaves nothing on the caller's signal
 * (`AbortSignal.any` keeps memory per call for as long as a long-lived signal lives).
 */
export async function withTimeout<Result>(
  signal: AbortSignal,
  timeoutMs: number,
  work: (signal: AbortSignal) => PromiseLike<Result>,
): Promise<Result> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const stopped = Promise.withResolvers<never>();
  const stop = (reason: unknown): void => {
    controller.abort(reason);
    stopped.reject(reason);
  };
  const onAbort = (): void => stop(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(
    () => stop(new AttemptTimeoutError(`no answer within ${timeoutMs} ms`)),
    Math.min(timeoutMs, longestDelayMs),
  );
  try {
    return await Promise.race([work(controller.signal), stopped.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
