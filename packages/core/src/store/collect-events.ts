import type { StoredEvent } from '../run/events.ts';
import type { RunStore } from './run-store.ts';

/** All events of a run, for tests. Programs iterate: a trace can be larger than what memory should hold. */
export async function collectEvents(store: RunStore, runId: string, after?: number): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const event of store.events(runId, after)) events.push(event);
  return events;
}
