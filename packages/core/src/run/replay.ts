/** What the events of earlier sessions say: the state from which a run goes on. */
import { createKnownSections, type KnownSections } from '../section/known-sections.ts';
import type { SourceInfo } from '../source/source.ts';
import { addUsage, noUsage, type Usage } from '../model/usage.ts';
import type { RunEvent, StoredEvent } from './events.ts';
import { noticeKey } from './notice-key.ts';

export interface Replay {
  /** How many steps were committed; see `createCommittedSteps` for the steps themselves. */
  steps: number;
  sections: KnownSections;
  sources: SourceInfo[];
  /** Of every answered request and retry, also those whose step was not committed. */
  usage: Usage;
  /** Time of all sessions, each up to its last event. */
  elapsedMs: number;
  /** By `noticeKey`. */
  notices: Set<string>;
  /** Of the first session. */
  concurrency?: number;
  lastSeq: number;
}

/** Folds stored events, in order. */
export async function replayEvents(events: AsyncIterable<StoredEvent>): Promise<Replay> {
  const replay: Replay = {
    steps: 0,
    sections: createKnownSections(),
    sources: [],
    usage: { ...noUsage },
    elapsedMs: 0,
    notices: new Set(),
    lastSeq: 0,
  };
  let previousAt: number | undefined;
  for await (const event of events) {
    replay.lastSeq = event.seq;
    // The time between two sessions is not the run's.
    if (previousAt !== undefined && event.type !== 'run-resume') replay.elapsedMs += event.at - previousAt;
    previousAt = event.at;
    applyEvent(replay, event);
  }
  return replay;
}

function applyEvent(replay: Replay, event: RunEvent): void {
  switch (event.type) {
    case 'memory-updated':
    case 'answer-end':
    case 'records-extracted':
      replay.steps += 1;
      break;
    case 'section-start':
      replay.sections.add(event);
      break;
    case 'run-start':
      replay.concurrency = event.concurrency;
      break;
    case 'source-start':
      replay.sources[event.source.index] = event.source;
      break;
    case 'call-end':
      replay.usage = addUsage(replay.usage, event.usage);
      break;
    case 'call-retry':
      replay.usage = addUsage(replay.usage, { ...noUsage, retries: 1 });
      break;
    case 'notice':
      replay.notices.add(noticeKey(event.code, event.message));
      break;
    case 'run-resume':
    case 'run-stop':
    case 'run-end':
    case 'call-start':
    case 'passages-selected':
    case 'records-merged':
      break;
    default:
      event satisfies never;
  }
}
