/**
 * The steps that earlier sessions committed, for a run that asks for them again. They come from the store one after
 * the other, as they are asked for, in about the order in which they were made; so what is held is only what other
 * steps overtook, never the memories of the whole run.
 */
import type { RunEvent, StoredEvent } from './events.ts';

/** A step that was committed; it is not made, and not paid for, again. */
export type CommittedStep = Extract<
  RunEvent,
  { type: 'memory-updated' | 'answer-end' | 'records-extracted' }
>;

export interface CommittedSteps {
  /** What the step came to, if it was committed. Each step can be taken once. */
  take(step: string): Promise<CommittedStep | undefined>;
}

/** Reads the steps from `events`, up to the one numbered `lastSeq`: what comes later is this session's. */
export function createCommittedSteps(events: AsyncIterable<StoredEvent>, lastSeq: number): CommittedSteps {
  const overtaken = new Map<string, CommittedStep>();
  const committed = stepsOf(events, lastSeq);
  let isRead = lastSeq === 0;
  let before: Promise<unknown> = Promise.resolve();

  async function find(step: string): Promise<CommittedStep | undefined> {
    const known = overtaken.get(step);
    if (known) {
      overtaken.delete(step);
      return known;
    }
    while (!isRead) {
      const { value, done } = await committed.next();
      if (done) isRead = true;
      else if (value.step === step) return value;
      else overtaken.set(value.step, value);
    }
    return undefined;
  }

  return {
    take(step) {
      // One after the other: two that read at once would pass each other's steps by.
      const found = before.then(() => find(step));
      before = found.catch(() => {});
      return found;
    },
  };
}

async function* stepsOf(events: AsyncIterable<StoredEvent>, lastSeq: number): AsyncGenerator<CommittedStep> {
  for await (const event of events) {
    if (event.seq > lastSeq) return;
    if (isCommittedStep(event)) yield event;
    if (event.seq === lastSeq) return;
  }
}

function isCommittedStep(event: StoredEvent): event is Extract<StoredEvent, { type: CommittedStep['type'] }> {
  const { type } = event;
  return type === 'memory-updated' || type === 'answer-end' || type === 'records-extracted';
}
