import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { checkRunId } from './check-run-id.ts';
import { createRunId } from './create-run-id.ts';
import { createMemoryRunStore } from './memory-run-store.ts';
import { resolveRunId } from './resolve-run-id.ts';
import { sampleRun } from './sample-run.ts';

const lastMs = Date.UTC(3084, 0, 1);
const anyMs = fc.integer({ min: 0, max: lastMs });
const anyRandom = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const idAt = (ms: number, random: number) =>
  createRunId(
    () => ms,
    () => random,
  );

test('a new name is made of the time and 30 random bits', () => {
  expect(idAt(0, 0)).toBe('000000000-000000');
  // 33 ms = 1 × 32 + 1; the largest random number gives six times the last letter.
  expect(idAt(33, 1 - 2 ** -53)).toBe('000000011-zzzzzz');
});

test('a new name is a valid one', () => {
  fc.assert(
    fc.property(anyMs, anyRandom, (ms, random) => {
      expect(() => checkRunId(idAt(ms, random))).not.toThrow();
    }),
    { seed: 1 },
  );
});

test('names sort by time', () => {
  fc.assert(
    fc.property(anyMs, anyMs, anyRandom, anyRandom, (a, b, randomA, randomB) => {
      fc.pre(a < b);
      expect(idAt(a, randomA) < idAt(b, randomB)).toBe(true);
    }),
    { seed: 1 },
  );
});

test('a run is found by its name, a unique beginning in either case, or `last`', async () => {
  const store = createMemoryRunStore();
  for (const [createdAt, runId] of ['ab', 'abc', 'abd', 'x-1'].entries()) {
    await store.create(sampleRun(runId, { createdAt }));
  }
  expect(await resolveRunId(store, 'ab')).toBe('ab');
  expect(await resolveRunId(store, 'abc')).toBe('abc');
  expect(await resolveRunId(store, 'X')).toBe('x-1');
  expect(await resolveRunId(store, 'last')).toBe('x-1');
  await expect(resolveRunId(store, 'a')).rejects.toMatchObject({
    code: 'run-not-found',
    message: expect.stringContaining('abd, abc, ab.'),
    data: { candidates: ['abd', 'abc', 'ab'] },
  });
  await expect(resolveRunId(store, '')).rejects.toMatchObject({ code: 'run-not-found' });
  await expect(resolveRunId(store, 'y')).rejects.toMatchObject({ code: 'run-not-found' });
});

test('`last` finds nothing among no runs', async () => {
  await expect(resolveRunId(createMemoryRunStore(), 'last')).rejects.toMatchObject({ code: 'run-not-found' });
});
