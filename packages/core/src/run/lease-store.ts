import type { RunStore } from '../store/run-store.ts';

/** A store that is opened for its first user and closed after its last one, and opened again for the next. */
export interface StoreLease {
  acquire(): RunStore;
  release(): Promise<void>;
}

/** Leases the store that `create` makes. A store of the caller's own is lent as it is and never closed. */
export function leaseStore(given: RunStore | undefined, create: () => RunStore): StoreLease {
  let users = 0;
  let own: RunStore | undefined;
  return {
    acquire() {
      if (given) return given;
      users += 1;
      return (own ??= create());
    },
    async release() {
      if (given) return;
      users -= 1;
      if (users > 0) return;
      const store = own;
      own = undefined;
      await store?.close();
    },
  };
}
