/** Made-up records and events for the tests of stores. */
import type { RunEvent, RunResult } from '../run/events.ts';
import { noUsage } from '../model/usage.ts';
import type { RunRecord } from './run-store.ts';

/** A run that has just begun. */
export function sampleRun(runId: string, change: Partial<RunRecord> = {}): RunRecord {
  const question = change.question ?? 'Who wrote it?';
  return {
    runId,
    status: 'running',
    question,
    settings: {
      question,
      reader: 'extractive',
      readerSettings: { hops: 2 },
      model: null,
      strategy: 'memory',
      tokenizer: 'o200k_base',
      window: 8192,
      sectionTokens: 5000,
      memoryTokens: 1024,
      outputTokens: 1024,
      questionTokens: 1024,
    },
    sources: [{ kind: 'file', path: '/books/novel.txt' }],
    sections: 0,
    createdAt: 1_700_000_000_000,
    updatedAt: 1_700_000_000_000,
    ...change,
  };
}

/** The beginning of section `section`. */
export function sampleStart(section: number): RunEvent {
  return {
    type: 'section-start',
    at: 1_700_000_000_000.5 + section,
    section,
    tokens: 1,
    spans: [],
    hash: '',
  };
}

/** A memory written after section `section`. */
export function sampleEvent(section: number, memory = `memory ${section}`): RunEvent {
  return {
    type: 'memory-updated',
    at: 1_700_000_000_000 + section,
    step: `update/${section}`,
    section,
    outcome: 'updated',
    memory,
    memoryTokens: 2,
    usage: noUsage,
    elapsedMs: 1,
  };
}

/** What a short run came to. */
export function sampleResult(runId: string, answer = 'Tolstoy [1].'): RunResult {
  return {
    runId,
    answer,
    found: true,
    citations: [],
    memory: 'Tolstoy [1]',
    usage: noUsage,
    sections: 1,
    tokens: 10,
    model: null,
    reader: 'extractive',
    strategy: 'memory',
    elapsedMs: 5,
  };
}
