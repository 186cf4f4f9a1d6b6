/** How far a run is: a fold over its events, for whoever shows it. */
import { addUsage, type AgainStep, noUsage, parseAgainStep, type RunEvent, type Usage } from '@memagent/core';
import { formatQuantity } from '../format/format-number.ts';
import { describeChange } from './memory-change.ts';

export interface Progress {
  apply(event: RunEvent): void;
  /** How it stands at a time, in milliseconds since the epoch. */
  at(now: number): ProgressState;
}

export interface ProgressState {
  /** Sections dealt with in this pass, and of how many; an estimate while the end of the document was not reached. */
  sections: number;
  sectionsInAll: number | undefined;
  isEstimate: boolean;
  /** From 1, and how many there are. */
  pass: number;
  passes: number;
  /** Tokens of the document that were dealt with, in all passes. */
  tokens: number;
  /** Of the document, in this session; undefined before there is anything to measure. */
  tokensPerSecond: number | undefined;
  remainingMs: number | undefined;
  usage: Usage;
  /** What happened last, on one line. */
  latest: string;
}

/** Strategies that read the whole document before the first step. */
const readFirst: ReadonlySet<string> = new Set(['retrieve', 'truncate']);

/** Strategies that read it twice. */
const readTwice: ReadonlySet<string> = new Set(['reread']);

/** @param totalBytes size of the document, where it is known: the ground of the estimate of its sections. */
export function createProgress(totalBytes: number | undefined): Progress {
  const read = { sections: 0, tokens: 0, bytes: 0 };
  /** `sections` of this pass, `tokens` of all. */
  const done = { sections: 0, tokens: 0 };
  /** Tokens of sections that were read and not dealt with for the last time. */
  const pending = new Map<number, number>();
  let session = { startedAt: 0, tokens: 0 };
  let pass = 1;
  let passes = 1;
  let isReadFirst = false;
  let isAtEnd = false;
  let areBytesComparable = true;
  let usage: Usage = { ...noUsage };
  let memory = '';
  let latest = '';

  function finishSection(number: number): void {
    done.sections += 1;
    done.tokens += pending.get(number) ?? 0;
    if (pass === passes) pending.delete(number);
  }

  function finishAgain({ section, part }: AgainStep): void {
    if (pass === 1) {
      pass = 2;
      passes = 2;
      done.sections = 0;
      isAtEnd = true;
    }
    if (part === 1) finishSection(section);
  }

  return {
    apply(event) {
      switch (event.type) {
        case 'run-start':
          session = { startedAt: event.at, tokens: 0 };
          isReadFirst = readFirst.has(event.settings.strategy);
          passes = readTwice.has(event.settings.strategy) ? 2 : 1;
          break;
        case 'run-resume':
          session = { startedAt: event.at, tokens: done.tokens };
          break;
        case 'source-start':
          // What is not decoded text (PDF, DOCX, EPUB) has bytes that say nothing about its text.
          areBytesComparable &&= event.source.encoding !== undefined;
          break;
        case 'section-start':
          read.sections = event.section;
          read.tokens += event.tokens;
          for (const span of event.spans) read.bytes += span.byteEnd - span.byteStart;
          pending.set(event.section, event.tokens);
          if (isReadFirst) finishSection(event.section);
          break;
        case 'memory-updated': {
          const again = parseAgainStep(event.step);
          if (again) finishAgain(again);
          else if (event.section !== undefined) finishSection(event.section);
          latest = describeChange(memory, event.memory);
          memory = event.memory;
          break;
        }
        case 'records-merged':
          finishSection(event.section);
          latest = `+ ${formatQuantity(event.total, 'record')} so far`;
          break;
        case 'passages-selected':
          isAtEnd = true;
          latest = `${event.passages.length} of ${event.sections} sections selected`;
          break;
        case 'call-start':
          if (event.step.startsWith('answer')) isAtEnd = true;
          break;
        case 'call-end':
          usage = addUsage(usage, event.usage);
          break;
        case 'call-retry':
          usage = addUsage(usage, { ...noUsage, retries: 1 });
          latest = `! ${event.reason}; asked again in ${Math.ceil(event.delayMs / 1000)} s`;
          break;
        case 'answer-end':
        case 'run-end':
          isAtEnd = true;
          break;
        case 'records-extracted':
        case 'notice':
        case 'run-stop':
          break;
        default:
          event satisfies never;
      }
    },

    at(now) {
      const share =
        totalBytes !== undefined && areBytesComparable && read.bytes > 0
          ? Math.min(1, read.bytes / totalBytes)
          : undefined;
      const total = (count: number): number | undefined =>
        isAtEnd ? count : share === undefined ? undefined : Math.round(count / share);
      const seconds = (now - session.startedAt) / 1000;
      const fresh = done.tokens - session.tokens;
      const tokensPerSecond = fresh > 0 && seconds > 0 ? fresh / seconds : undefined;
      const tokensInAll = total(read.tokens);
      return {
        sections: done.sections,
        sectionsInAll: total(read.sections),
        isEstimate: !isAtEnd && share !== 1,
        pass,
        passes,
        tokens: done.tokens,
        tokensPerSecond,
        remainingMs:
          tokensPerSecond === undefined || tokensInAll === undefined
            ? undefined
            : ((passes * tokensInAll - done.tokens) / tokensPerSecond) * 1000,
        usage,
        latest,
      };
    },
  };
}
