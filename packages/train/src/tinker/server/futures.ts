/**
 * Requests that were accepted and their results, for clients that ask again and again until one is there. A result
 * stays after it was fetched, since a client may lose it on the way; of those that are done the oldest are
 * forgotten.
 */
import { randomUUID } from 'node:crypto';
import { MemagentError, messageOf } from '@memagent/core';

export type FutureOutcome<Result> =
  | { status: 'done'; result: Result }
  /** `user`: the request was wrong; `server`: we were. */
  | { status: 'failed'; error: string; category: 'user' | 'server' }
  | { status: 'pending' }
  /** Never accepted here, or forgotten: a server that was started anew knows none. */
  | { status: 'unknown' };

export interface Futures<Result> {
  /** Accepts a request and returns its id; the same `key` always means the same request, which is made once. */
  accept(work: () => Promise<Result>, key?: string): string;
  /** Waits for the result, at most so long. */
  retrieve(id: string, waitMs: number): Promise<FutureOutcome<Result>>;
}

export function createFutures<Result>({ keep = 10_000 } = {}): Futures<Result> {
  const outcomes = new Map<string, Promise<FutureOutcome<Result>>>();
  const ids = new Map<string, string>();
  const done: { id: string; key: string | undefined }[] = [];

  return {
    accept(work, key) {
      const known = key === undefined ? undefined : ids.get(key);
      if (known !== undefined) return known;
      const id = randomUUID();
      if (key !== undefined) ids.set(key, id);
      outcomes.set(
        id,
        settle(work).finally(() => {
          done.push({ id, key });
          for (const old of done.splice(0, done.length - keep)) {
            outcomes.delete(old.id);
            if (old.key !== undefined) ids.delete(old.key);
          }
        }),
      );
      return id;
    },

    async retrieve(id, waitMs) {
      const outcome = outcomes.get(id);
      if (!outcome) return { status: 'unknown' };
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<FutureOutcome<Result>>((resolve) => {
        timer = setTimeout(() => resolve({ status: 'pending' }), waitMs);
      });
      try {
        return await Promise.race([outcome, patience]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

async function settle<Result>(work: () => Promise<Result>): Promise<FutureOutcome<Result>> {
  try {
    return { status: 'done', result: await work() };
  } catch (error) {
    const isUsers = error instanceof MemagentError;
    return { status: 'failed', error: messageOf(error), category: isUsers ? 'user' : 'server' };
  }
}
