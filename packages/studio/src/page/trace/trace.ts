/**
 * A run as the page shows it: a fold over its events, in their order. What was read, what each step made of the
 * memory, what it cost, and how it stands.
 */
import type {
  RunResult,
  RunSettings,
  SectionSpan,
  SourceInfo,
  StoredEvent,
  Usage,
  WindowPlan,
} from '@memagent/core';
import { createFactHistory, type FactHistory } from './facts.ts';
import { compareMemories, type SentenceChange } from './memory-change.ts';
import { splitMemory } from './sentences.ts';

/** How a section or step ended; `read` sections had no step of their own (their strategy skipped them). */
export type StepState = 'reading' | 'changed' | 'kept' | 'retried' | 'failed' | 'skipped';

/** One request of a step. */
export interface Attempt {
  number: number;
  promptTokens: number;
  maxOutputTokens: number;
  /** Why its reply was of no use. */
  problem?: string;
  status?: number;
  reply?: string;
  finishReason?: string;
  usage?: Usage;
  elapsedMs?: number;
}

/** A place to stop at: a section, a merge of memories, or the answer. */
export interface Stop {
  /** Position in `Trace.stops`. */
  index: number;
  /** Name of the step; undefined for a section that none has dealt with. */
  step?: string;
  kind: 'section' | 'merge' | 'answer';
  section?: number;
  /** 2 where the section is read again. */
  pass: number;
  /** From 1: which part of the section, where it had to be read again in several. */
  part: number;
  /** Tokens of the section; 0 for its further parts. */
  tokens: number;
  state: StepState;
  /** Share of the memory that changed, 0 to 1. */
  share: number;
  attempts: Attempt[];
  /** Undefined until the step is done. */
  memory?: string;
  memoryTokens?: number;
  /** How many were found, where records are collected and no memory is kept. */
  records?: number;
  /** Which stop's memory it began with; undefined for an empty one. */
  before?: number;
  usage?: Usage;
  elapsedMs?: number;
}

export interface TraceNotice {
  code: string;
  message: string;
}

export interface TraceTotals {
  promptTokens: number;
  completionTokens: number;
  calls: number;
  retries: number;
  cost?: number;
}

export interface Trace {
  readonly lastSeq: number;
  readonly settings: RunSettings | undefined;
  readonly window: WindowPlan | undefined;
  readonly sources: readonly SourceInfo[];
  /** By section number less 1. */
  readonly spans: readonly (readonly SectionSpan[])[];
  /** In the order of reading: sections and what was made of them, the answer last. */
  readonly stops: readonly Stop[];
  /** Sections that were dealt with, those that were read again once more. */
  readonly done: number;
  readonly totals: TraceTotals;
  readonly notices: readonly TraceNotice[];
  readonly result: RunResult | undefined;
  /** Why the run stands still; undefined while it goes on. */
  readonly stopped: { code: string; message: string } | undefined;
  /** Sections that were handed to the answer by a strategy that selects. */
  readonly selected: readonly number[];
  readonly facts: FactHistory;
  apply(event: StoredEvent): void;
  /** The stop of a section, in the first pass. */
  stopOf(section: number): Stop | undefined;
  /** What the step made of the memory; empty for one that is not done. */
  changesAt(index: number): SentenceChange[];
  memoryBefore(index: number): string;
  progress(): TraceProgress;
}

export interface TraceProgress {
  /**
   * How many will have been dealt with at the end, in all passes. Estimated while the end was not reached; undefined
   * where nothing is known of the length.
   */
  sections: number | undefined;
  /** How often the document is read. */
  passes: number;
  /** Of the document, per second, in this session. */
  tokensPerSecond: number | undefined;
  remainingMs: number | undefined;
  /** Time of all sessions, up to the last event. */
  elapsedMs: number;
}

/** Strategies that read the whole document before their first step. */
const readFirst: ReadonlySet<string> = new Set(['retrieve', 'truncate']);

/** Strategies that read it twice. */
const readTwice: ReadonlySet<string> = new Set(['reread']);

export function createTrace(): Trace {
  const stops: Stop[] = [];
  const bySection = new Map<number, Stop>();
  const byStep = new Map<string, Stop>();
  const spans: (readonly SectionSpan[])[] = [];
  const sources: SourceInfo[] = [];
  const notices: TraceNotice[] = [];
  const facts = createFactHistory();
  const totals: TraceTotals = { promptTokens: 0, completionTokens: 0, calls: 0, retries: 0 };
  const read = { bytes: 0, tokens: 0 };
  let session = { startedAt: 0, tokens: 0 };
  let doneTokens = 0;
  let done = 0;
  let lastMemory: Stop | undefined;
  let lastAt: number | undefined;
  let elapsedMs = 0;
  let lastSeq = 0;
  let passes = 1;
  let isAtEnd = false;
  let areBytesComparable = true;
  let settings: RunSettings | undefined;
  let window: WindowPlan | undefined;
  let result: RunResult | undefined;
  let stopped: Trace['stopped'];
  let selected: number[] = [];

  function addStop(stop: Pick<Stop, 'kind' | 'tokens'> & Partial<Stop>): Stop {
    const added: Stop = {
      pass: 1,
      part: 1,
      ...stop,
      index: stops.length,
      state: 'reading',
      share: 0,
      attempts: [],
    };
    stops.push(added);
    return added;
  }

  /** The stop that a step belongs to: that of its section, or one of its own. */
  function stopFor(step: string): Stop {
    const known = byStep.get(step);
    if (known) return known;
    const [kind = '', number, part] = step.split('/');
    const section = kind === 'merge' || number === undefined ? undefined : Number(number);
    const ofSection = section === undefined ? undefined : bySection.get(section);
    const stop =
      kind === 'again' && ofSection
        ? addAgain(ofSection, Number(part ?? 1))
        : (ofSection ?? addStop({ kind: kind === 'merge' ? 'merge' : 'answer', tokens: 0 }));
    stop.step = step;
    byStep.set(step, stop);
    return stop;
  }

  /** A section that is read again is a stop of its own, and so is each part of it: `again/12`, `again/12/2`. */
  function addAgain({ kind, section = 0, tokens }: Stop, part: number): Stop {
    passes = 2;
    isAtEnd = true;
    return addStop({ kind, section, pass: 2, part, tokens: part === 1 ? tokens : 0 });
  }

  function attemptOf(step: string, number: number): Attempt {
    const { attempts } = stopFor(step);
    const known = attempts.findLast((attempt) => attempt.number === number);
    if (known) return known;
    const attempt: Attempt = { number, promptTokens: 0, maxOutputTokens: 0 };
    attempts.push(attempt);
    return attempt;
  }

  function remember(stop: Stop, memory: string): void {
    const isSequential = !stop.step?.startsWith('map/') && stop.kind !== 'merge';
    if (isSequential && lastMemory) stop.before = lastMemory.index;
    stop.memory = memory;
    const before = isSequential ? (lastMemory?.memory ?? '') : '';
    if (memory !== before) {
      stop.share = compareMemories(before, memory).share;
      facts.add(stop.index, splitMemory(memory), !isSequential);
    }
    lastMemory = stop;
  }

  function finishSection(stop: Stop): void {
    if (stop.kind !== 'section' || stop.part > 1) return;
    done += 1;
    doneTokens += stop.tokens;
  }

  function apply(event: StoredEvent): void {
    if (event.seq <= lastSeq) return;
    lastSeq = event.seq;
    if (lastAt !== undefined && event.type !== 'run-resume') elapsedMs += event.at - lastAt;
    lastAt = event.at;
    switch (event.type) {
      case 'run-start':
        ({ settings, window } = event);
        if (readTwice.has(settings.strategy)) passes = 2;
        session = { startedAt: event.at, tokens: 0 };
        break;
      case 'run-resume':
        session = { startedAt: event.at, tokens: doneTokens };
        stopped = undefined;
        break;
      case 'source-start':
        sources[event.source.index] = event.source;
        // What is not decoded text (PDF, DOCX, EPUB) has bytes that say nothing about its text.
        areBytesComparable &&= event.source.encoding !== undefined;
        break;
      case 'section-start': {
        const { section, tokens } = event;
        spans[section - 1] = event.spans;
        read.tokens += tokens;
        for (const { byteStart, byteEnd } of event.spans) read.bytes += byteEnd - byteStart;
        const stop = addStop({ kind: 'section', section, tokens });
        bySection.set(section, stop);
        if (readFirst.has(settings?.strategy ?? '')) {
          stop.state = 'skipped';
          finishSection(stop);
        }
        break;
      }
      case 'call-start': {
        if (event.step === 'answer') isAtEnd = true;
        // One with the number of an earlier attempt is of a session that began the step anew: both are kept.
        const { attempt: number, promptTokens, maxOutputTokens } = event;
        stopFor(event.step).attempts.push({ number, promptTokens, maxOutputTokens });
        break;
      }
      case 'call-retry': {
        const attempt = attemptOf(event.step, event.attempt);
        attempt.problem = event.reason;
        if (event.status !== undefined) attempt.status = event.status;
        totals.retries += 1;
        break;
      }
      case 'call-end': {
        const { type: _type, at: _at, seq: _seq, step, attempt: number, ...end } = event;
        Object.assign(attemptOf(step, number), end);
        addUsage(totals, event.usage);
        break;
      }
      case 'memory-updated': {
        const stop = stopFor(event.step);
        remember(stop, event.memory);
        stop.memoryTokens = event.memoryTokens;
        stop.usage = event.usage;
        stop.elapsedMs = event.elapsedMs;
        stop.state = stateOf(stop, event.outcome === 'kept');
        finishSection(stop);
        break;
      }
      case 'answer-end': {
        const stop = stopFor(event.step);
        // A strategy that refines has a draft of the answer for a memory.
        if (stop.kind === 'section') remember(stop, event.answer);
        else if (lastMemory) stop.before = lastMemory.index;
        stop.usage = event.usage;
        stop.elapsedMs = event.elapsedMs;
        stop.state = stateOf(stop, false);
        finishSection(stop);
        if (stop.kind === 'answer') isAtEnd = true;
        break;
      }
      case 'passages-selected':
        isAtEnd = true;
        selected = event.passages.map(({ section }) => section);
        for (const section of selected) {
          const stop = bySection.get(section);
          if (stop) stop.state = 'kept';
        }
        break;
      case 'records-extracted': {
        const stop = stopFor(event.step);
        // Of a section that was divided there is an event for each piece.
        if (stop.records === undefined) finishSection(stop);
        stop.records = (stop.records ?? 0) + event.records.length;
        stop.usage = event.usage;
        stop.elapsedMs = event.elapsedMs;
        stop.state = event.outcome === 'failed' ? 'failed' : stateOf(stop, stop.records === 0);
        break;
      }
      case 'notice':
        notices.push({ code: event.code, message: event.message });
        if (event.code === 'memory-kept') {
          const stop = byStep.get(String(event.data?.['step']));
          if (stop) stop.state = 'failed';
        }
        break;
      case 'run-stop':
        stopped = { code: event.code, message: event.message };
        break;
      case 'run-end':
        ({ result } = event);
        isAtEnd = true;
        stopped = undefined;
        break;
      case 'records-merged':
        break;
      default:
        event satisfies never;
    }
  }

  function stateOf(stop: Stop, isKept: boolean): StepState {
    if (stop.state === 'failed') return 'failed';
    if (stop.attempts.some(({ problem }) => problem !== undefined)) return 'retried';
    if (stop.kind === 'answer') return 'changed';
    return isKept || (stop.share === 0 && stop.memory !== undefined) ? 'kept' : 'changed';
  }

  const memoryBefore = (index: number): string => {
    const before = stops[index]?.before;
    return before === undefined ? '' : (stops[before]?.memory ?? '');
  };

  return {
    get lastSeq() {
      return lastSeq;
    },
    get settings() {
      return settings;
    },
    get window() {
      return window;
    },
    get done() {
      return done;
    },
    get result() {
      return result;
    },
    get stopped() {
      return stopped;
    },
    get selected() {
      return selected;
    },
    sources,
    spans,
    stops,
    totals,
    notices,
    facts,
    apply,
    stopOf: (section) => bySection.get(section),
    memoryBefore,
    changesAt(index) {
      const memory = stops[index]?.memory;
      return memory === undefined ? [] : compareMemories(memoryBefore(index), memory).sentences;
    },
    progress() {
      const bytes = sources.reduce((sum, source) => sum + (source.bytes ?? NaN), 0);
      const share =
        areBytesComparable && bytes > 0 && read.bytes > 0 ? Math.min(1, read.bytes / bytes) : undefined;
      const total = (count: number): number | undefined =>
        isAtEnd ? count : share === undefined ? undefined : Math.round(count / share);
      const seconds = ((lastAt ?? 0) - session.startedAt) / 1000;
      const fresh = doneTokens - session.tokens;
      const tokensPerSecond = fresh > 0 && seconds > 0 ? fresh / seconds : undefined;
      const tokens = total(passes * read.tokens);
      const remainingMs =
        tokensPerSecond === undefined || tokens === undefined
          ? undefined
          : Math.max(0, ((tokens - doneTokens) / tokensPerSecond) * 1000);
      return { sections: total(passes * spans.length), passes, tokensPerSecond, remainingMs, elapsedMs };
    },
  };
}

function addUsage(totals: TraceTotals, usage: Usage): void {
  totals.promptTokens += usage.promptTokens;
  totals.completionTokens += usage.completionTokens;
  totals.calls += usage.calls;
  if (usage.cost !== undefined) totals.cost = (totals.cost ?? 0) + usage.cost;
}
