import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLimits } from '../model/limits.ts';
import type { RetryPolicy } from '../model/retry-policy.ts';
import { createSqliteRunStore } from '../store/sqlite-run-store.ts';
import type { RunStore } from '../store/run-store.ts';
import { faultKinds } from '../testing/fault-plan.ts';
import {
  type LoopbackServer,
  type LoopbackServerOptions,
  startLoopbackServer,
} from '../testing/loopback-server.ts';
import { createFaultDocuments, type FaultDocument } from './fault-documents.ts';
import {
  type DocumentReading,
  findDifferences,
  isRight,
  longestRequest,
  readDocuments,
} from './fault-run.ts';

const window = 2048;
const budgets = { window, sectionTokens: 512, memoryTokens: 256, outputTokens: 256, tokenizer: 'o200k_base' };
const quickRetry = { minDelayMs: 1, maxDelayMs: 20 };

let home: string;
let store: RunStore;
let documents: FaultDocument[];
let calm: Reading;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'memagent-fault-run-'));
  store = createSqliteRunStore({ home });
  const book = await readFile(
    new URL('../../../../examples/data/war-and-peace.txt', import.meta.url),
    'utf8',
  );
  documents = createFaultDocuments({ book, count: 32, lengths: [4_000, 12_000], seed: 1 });
  calm = await readThrough({});
});
afterAll(async () => {
  await store.close();
  await rm(home, { recursive: true });
});

interface Reading {
  readings: DocumentReading[];
  server: LoopbackServer;
}

async function readThrough(
  server: Pick<LoopbackServerOptions, 'faults' | 'retryAfterSeconds'>,
  retry: Partial<RetryPolicy> = {},
): Promise<Reading> {
  await using loopback = await startLoopbackServer({ window, ...server });
  const model = createOpenAICompatible({ name: 'loopback', baseURL: loopback.baseUrl })('loopback');
  const readings = await readDocuments(documents, {
    model,
    store,
    limits: createLimits({ concurrency: 16 }),
    retry: { ...quickRetry, ...retry },
    ...budgets,
  });
  return { readings, server: loopback };
}

function expectNothingLost({ readings, server }: Reading): void {
  expect(readings.filter(({ status }) => status === 'lost')).toEqual([]);
  expect(findDifferences(readings, calm.readings)).toEqual([]);
  expect(server.stats.overWindow).toBe(0);
  expect(longestRequest(server.requests)).toBeLessThanOrEqual(window);
}

test('without faults every answer is right, so that equal answers mean something', () => {
  expect(documents.filter((document, index) => !isRight(calm.readings[index]!, document))).toEqual([]);
});

test('a server that goes wrong in every way changes no answer, loses no document and never gets too much', async () => {
  // Twice as many faults as in the full run, so that every kind comes in so few documents.
  // Servers that hang are given up soon.
  const stormy = await readThrough(
    { faults: { rate: 0.4, seed: 1 }, retryAfterSeconds: 0 },
    { timeoutMs: 1500 },
  );

  expectNothingLost(stormy);
  expect(faultKinds.filter((kind) => stormy.server.stats.faults[kind] === 0)).toEqual([]);
});

test('a rate limit that is too long to be waited for stops a run, and the resumed run ends the same', async () => {
  const faults = { rate: 0.2, kinds: ['rate-limit'], seed: 1 } as const;
  const stopped = await readThrough({ faults, retryAfterSeconds: 3600 }, { maxRetryAfterMs: 1000 });

  expectNothingLost(stopped);
  const { faults: made, requests } = stopped.server.stats;
  expect(made['rate-limit']).toBeGreaterThan(0);
  expect(stopped.readings.reduce((sum, { resumed }) => sum + resumed, 0)).toBe(made['rate-limit']);
  // Nothing that was paid for is asked for again.
  expect(requests).toBe(calm.server.stats.requests + made['rate-limit']);
});
