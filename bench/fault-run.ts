/**
 * The fault run in full: 200 documents of three to eight sections, read over HTTP from a server in another
 * process that goes wrong at one request in five, in every way it knows, and refuses what is over the window.
 * Whatever happens, the answers must be those of the same run without faults. Exits with 1 if they are not.
 *
 *   npm run bench:fault-run [-- <seed>]
 */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { createLimits, createSqliteRunStore, type RetryPolicy } from '@memagent/core';
import type { FaultPlan } from '@memagent/core/testing';
import { createFaultDocuments } from '../packages/core/src/run/fault-documents.ts';
import {
  type DocumentReading,
  findDifferences,
  isRight,
  readDocuments,
} from '../packages/core/src/run/fault-run.ts';
import { readBook } from './book.ts';
import { type LoopbackReport, startLoopbackProcess } from './start-loopback.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

const seed = Number(process.argv[2] ?? 1);
const window = 8192;
/** Characters of this book in a section of 5,000 tokens, as the cutter leaves it: about 20,000. */
const lengths = [55_000, 150_000] as const;
const quickRetry = { minDelayMs: 50, maxDelayMs: 1000, timeoutMs: 5000 };

interface Weather {
  faults?: FaultPlan;
  retryAfterSeconds?: number;
  retry?: Partial<RetryPolicy>;
}

interface Reading extends LoopbackReport {
  readings: DocumentReading[];
  seconds: number;
}

const documents = createFaultDocuments({ book: readBook(), count: 200, lengths, seed });

async function readThrough({ faults, retryAfterSeconds = 1, retry = {} }: Weather): Promise<Reading> {
  await using server = await startLoopbackProcess({
    window,
    retryAfterSeconds,
    ...(faults ? { faults } : {}),
  });
  await using home = await createTemporaryFolder();
  const store = createSqliteRunStore({ home: home.path });
  const model = createOpenAICompatible({ name: 'loopback', baseURL: server.baseUrl })('loopback');
  const startedAt = performance.now();
  const readings = await readDocuments(documents, {
    model,
    store,
    window,
    tokenizer: 'o200k_base',
    limits: createLimits({ concurrency: 32 }),
    retry: { ...quickRetry, ...retry },
  });
  const seconds = (performance.now() - startedAt) / 1000;
  await store.close();
  return { readings, seconds, ...(await server.report()) };
}

/** Prints a reading and returns whether it lost nothing and is equal to the calm one. */
function report(name: string, { readings, seconds, stats, longestRequest }: Reading): boolean {
  const results = readings.flatMap((reading) => (reading.status === 'answered' ? [reading.result] : []));
  const counts = results.map(({ sections }) => sections);
  const lost = readings.flatMap((reading) => (reading.status === 'lost' ? [reading.error] : []));
  const different = findDifferences(readings, calm.readings);
  const faults = Object.values(stats.faults).reduce((sum, count) => sum + count, 0);
  console.log(`\n${name}: ${readings.length} documents, ${seconds.toFixed(0)} s`);
  console.table({
    sections: `${counts.reduce((sum, count) => sum + count, 0)} (${Math.min(...counts)} to ${Math.max(...counts)})`,
    requests: stats.requests,
    faults: `${faults} (${((100 * faults) / stats.requests).toFixed(1)}%)`,
    ...stats.faults,
    'retries of the client': results.reduce((sum, { usage }) => sum + usage.retries, 0),
    'stopped and resumed': readings.reduce((sum, { resumed }) => sum + resumed, 0),
    'longest request (tokens)': longestRequest,
    'requests over the window': stats.overWindow,
    'right answers': readings.filter((reading, index) => isRight(reading, documents[index]!)).length,
    'of them not found': results.filter(({ found }) => !found).length,
    'documents lost': lost.length,
    'documents that differ': different.length,
  });
  for (const error of lost) console.error(error);
  for (const index of different) {
    console.error(
      documents[index]?.question,
      JSON.stringify([calm.readings[index], readings[index]], null, 2),
    );
  }
  return lost.length === 0 && different.length === 0 && stats.overWindow === 0;
}

const calm = await readThrough({});
const held = [
  report('Without faults', calm),
  report('20% faults', await readThrough({ faults: { rate: 0.2, seed } })),
  report(
    '20% faults, and rate limits too long to wait for: those stop a run, which is resumed',
    await readThrough({
      faults: { rate: 0.2, seed },
      retryAfterSeconds: 3600,
      retry: { maxRetryAfterMs: 60_000 },
    }),
  ),
];
process.exitCode = held.every(Boolean) ? 0 : 1;
