/** The longest delay that a timer keeps, 25 days: a longer one would end at once. */
export const longestDelayMs = 2 ** 31 - 1;

/** Waits; on abort it rejects at once with the signal's own reason, where timers/promises would wrap it. */
export function wait(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(
      () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      },
      Math.min(delayMs, longestDelayMs),
    );
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
