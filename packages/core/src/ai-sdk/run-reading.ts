import { createMemoryRunStore } from '../store/memory-run-store.ts';
import type { RunResult, StoredEvent } from '../run/events.ts';
import { read } from '../run/read.ts';
import type { ReadingOptions, ReadOptions, SessionOptions } from '../run/read-options.ts';

/** How a model reads what is longer than its window. */
export interface ModelRunOptions extends Omit<ReadingOptions, 'schema'>, Omit<SessionOptions, 'signal'> {
  /** Hears of each event of each run, for progress. */
  onEvent?: (event: StoredEvent) => void;
}

/** Reads a document. Without `store` or `home` nothing of the run is left when it ends. */
export async function runReading({
  onEvent,
  ...options
}: ReadOptions & Pick<ModelRunOptions, 'onEvent'>): Promise<RunResult> {
  const own = options.store || options.home !== undefined ? undefined : createMemoryRunStore();
  try {
    const run = read(own ? { ...options, store: own } : options);
    if (onEvent) for await (const event of run) onEvent(event);
    return await run.result;
  } finally {
    await own?.close();
  }
}
