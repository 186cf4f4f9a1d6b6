import type { RunStore } from '../store/run-store.ts';

const dead = (): never => {
  throw new Error('killed');
};

/** For tests: the store as a process sees it that is killed right before its `last + 1`-th event is stored. */
export function dyingAfter(store: RunStore, last: number): RunStore {
  let left = last;
  return {
    ...store,
    append: async (runId, events) => ((left -= events.length) < 0 ? dead() : store.append(runId, events)),
    update: async (runId, change) => (left < 0 ? dead() : store.update(runId, change)),
  };
}
