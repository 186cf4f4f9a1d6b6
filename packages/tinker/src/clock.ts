import { setTimeout as delay } from 'node:timers/promises';

/** Time, injected so that tests need none. */
export interface Clock {
  now(): number;
  /**
   * Resolves after `ms`; rejects at once with the reason when the signal aborts. With `background` it does
   * not keep the process alive.
   */
  sleep(ms: number, signal?: AbortSignal, options?: { readonly background?: boolean }): Promise<void>;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal, { background = false } = {}) => {
    try {
      await delay(ms, undefined, { ref: !background, ...(signal && { signal }) });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};
