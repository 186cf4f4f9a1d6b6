/** The part of `runStoreContract` that is about events. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { collectEvents } from './collect-events.ts';
import type { RunStore } from './run-store.ts';
import { sampleEvent, sampleResult, sampleRun, sampleStart } from './sample-run.ts';

/** Strings of any UTF-16 code units, as models and binary files produce them. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\u0000', '\uD800', '\uDC00', '\uFFFF', '\uFEFF', '\r', '"', '\\'),
    fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  ),
});

/** Declares the tests. `storeOf` gives the store of the test that runs. */
export function runEventsContract(storeOf: () => RunStore): void {
  test('numbers events from 1 without gaps and returns them in order', async () => {
    const store = storeOf();
    await store.create(sampleRun('a'));
    const first = await store.append('a', [sampleEvent(1), sampleEvent(2)]);
    const second = await store.append('a', [sampleEvent(3)]);
    expect(await store.append('a', [])).toEqual([]);
    expect([...first, ...second]).toEqual([1, 2, 3].map((seq) => ({ seq, ...sampleEvent(seq) })));
    expect(await collectEvents(store, 'a')).toEqual([...first, ...second]);
  });

  test('returns only the events after a number', async () => {
    const store = storeOf();
    await store.create(sampleRun('a'));
    const stored = await store.append(
      'a',
      Array.from({ length: 100 }, (_, index) => sampleEvent(index + 1)),
    );
    for (const after of [0, 1, 32, 63, 64, 99, 100, 500]) {
      expect(await collectEvents(store, 'a', after)).toEqual(stored.slice(after));
    }
  });

  test('sets the record to the last section read', async () => {
    const store = storeOf();
    await store.create(sampleRun('a'));
    await store.append('a', [sampleStart(1), sampleEvent(1), sampleStart(2), sampleEvent(2)]);
    const read = { sections: 2, updatedAt: 1_700_000_000_002.5 };
    expect(await store.get('a')).toEqual(sampleRun('a', read));
    await store.append('a', [sampleEvent(3)]);
    expect(await store.get('a')).toEqual(sampleRun('a', read));
  });

  test('numbers each run by itself when many runs append at once', async () => {
    const store = storeOf();
    const runIds = Array.from({ length: 20 }, (_, index) => `run-${index}`);
    await Promise.all(runIds.map((runId) => store.create(sampleRun(runId))));
    await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        store.append(`run-${index % 20}`, [sampleEvent(2 * index), sampleEvent(2 * index + 1)]),
      ),
    );
    for (const runId of runIds) {
      const events = await collectEvents(store, runId);
      expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    }
  });

  test('lets others append while events are read, and reads what they append', async () => {
    const store = storeOf();
    await store.create(sampleRun('a'));
    await store.create(sampleRun('b'));
    await store.append(
      'a',
      Array.from({ length: 64 }, (_, index) => sampleEvent(index)),
    );
    const seen: number[] = [];
    for await (const { seq } of store.events('a')) {
      if (seq === 10) await store.append('b', [sampleEvent(1)]);
      if (seq === 20) await store.append('a', [sampleEvent(64)]);
      seen.push(seq);
    }
    expect(seen).toEqual(Array.from({ length: 65 }, (_, index) => index + 1));
    expect(await collectEvents(store, 'b')).toHaveLength(1);
  });

  test('an iteration that is left early hinders nobody', async () => {
    const store = storeOf();
    await store.create(sampleRun('a'));
    await store.append('a', [sampleEvent(1), sampleEvent(2)]);
    for await (const { seq } of store.events('a')) {
      expect(seq).toBe(1);
      break;
    }
    await store.append('a', [sampleEvent(3)]);
    await store.delete('a');
  });

  test('returns an event of 1 MB as it was', async () => {
    const store = storeOf();
    await store.create(sampleRun('a'));
    const memory = 'Наташа \u{1F495} said "yes"\n'.repeat(50_000);
    const stored = await store.append('a', [sampleEvent(1, memory)]);
    expect(await collectEvents(store, 'a')).toEqual(stored);
    expect(stored[0]).toMatchObject({ memory });
  });

  test('returns every text as it was, U+0000 and lone surrogates included', async () => {
    const store = storeOf();
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const runId = `run-${(runs += 1)}`;
        const run = sampleRun(runId, { question: text, result: sampleResult(runId, text) });
        await store.create(run);
        expect(await store.get(runId)).toEqual(run);
        const [stored] = await store.append(runId, [sampleEvent(1, text)]);
        expect(await collectEvents(store, runId)).toEqual([stored]);
        expect(stored).toMatchObject({ memory: text });
      }),
      { numRuns: 50, seed: 1 },
    );
  });
}
