import type { RunEvent } from '../run/events.ts';
import type { RunRecord } from './run-store.ts';

/** What events change in the record of their run, if anything. */
export function lastSectionRead(
  events: readonly RunEvent[],
): Pick<RunRecord, 'sections' | 'updatedAt'> | undefined {
  const last = events.findLast((event) => event.type === 'section-start');
  return last && { sections: last.section, updatedAt: last.at };
}
