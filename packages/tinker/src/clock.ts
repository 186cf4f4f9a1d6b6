import { setTimeout as delay } from 'node:timers/promises';

/** Time, injected so that tests need none. */
export interface Clock {
  now(): number;
  /** Resolves after `ms`; rejects at once with the reason when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    try {
      await delay(ms, undefined, signal && { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};
