import type { Clock } from '../clock.ts';

/** A clock whose short sleeps take no time; those of 10 s and more, as a heartbeat's, last until `advance`. */
export interface VirtualClock extends Clock {
  advance(ms: number): Promise<void>;
  /** All sleeps so far, in ms. */
  readonly slept: readonly number[];
}

/** A virtual clock at 0. */
export function createVirtualClock(): VirtualClock {
  let now = 0;
  const slept: number[] = [];
  let held: { due: number; wake: () => void }[] = [];
  return {
    slept,
    now: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      slept.push(ms);
      if (ms < 10_000) {
        now += ms;
        await turn();
        signal?.throwIfAborted();
        return;
      }
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      held.push({ due: now + ms, wake: resolve });
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      await promise;
    },
    async advance(ms) {
      now += ms;
      const due = held.filter((sleeper) => sleeper.due <= now);
      held = held.filter((sleeper) => sleeper.due > now);
      for (const { wake } of due) wake();
      // Long enough for a request and its answer.
      for (let index = 0; index < 20; index++) await turn();
    },
  };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
