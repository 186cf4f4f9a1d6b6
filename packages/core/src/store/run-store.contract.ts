/** What every store must do. Each implementation's test calls `runStoreContract` with its factory. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { collectEvents } from './collect-events.ts';
import { runEventsContract } from './run-events.contract.ts';
import type { RunStore } from './run-store.ts';
import { sampleEvent, sampleResult, sampleRun } from './sample-run.ts';

/** Declares the suite. `createStore` gives an empty store. */
export function runStoreContract(name: string, createStore: () => RunStore): void {
  describe(`${name} as a run store`, () => {
    let store: RunStore;

    beforeEach(() => {
      store = createStore();
    });

    afterEach(() => store.close());

    recordTests(() => store);
    runEventsContract(() => store);
    lockTests(() => store);

    test('gives a run one folder, which deleting the run removes with its record and events', async () => {
      await store.create(sampleRun('a'));
      await store.create(sampleRun('b'));
      await store.append('a', [sampleEvent(1)]);
      await store.append('b', [sampleEvent(1)]);
      const folder = await store.folder('a');
      await writeFile(join(folder, 'text'), 'spooled');
      expect(await store.folder('a')).toBe(folder);
      expect(await readFile(join(folder, 'text'), 'utf8')).toBe('spooled');

      await store.delete('a');

      expect(existsSync(folder)).toBe(false);
      expect(await store.get('a')).toBeUndefined();
      expect((await store.list()).map(({ runId }) => runId)).toEqual(['b']);
      expect(await collectEvents(store, 'b')).toHaveLength(1);
      await store.create(sampleRun('a'));
      expect(await collectEvents(store, 'a')).toEqual([]);
    });

    test('keeps the folders of two runs apart', async () => {
      await store.create(sampleRun('a'));
      await store.create(sampleRun('b'));
      expect(await store.folder('a')).not.toBe(await store.folder('b'));
    });

    test('says run-not-found for a run that was not created', async () => {
      const refused = expect.objectContaining({
        code: 'run-not-found',
        message: expect.stringContaining('nowhere'),
      });
      await expect(store.update('nowhere', { updatedAt: 1 })).rejects.toEqual(refused);
      await expect(store.append('nowhere', [sampleEvent(1)])).rejects.toEqual(refused);
      await expect(collectEvents(store, 'nowhere')).rejects.toEqual(refused);
      await expect(store.delete('nowhere')).rejects.toEqual(refused);
      await expect(store.folder('nowhere')).rejects.toEqual(refused);
      await expect(store.lock('nowhere')).rejects.toEqual(refused);
      expect(await store.get('nowhere')).toBeUndefined();
    });

    test('refuses all work after it was closed, and can be closed again', async () => {
      await store.create(sampleRun('a'));
      await store.close();
      await store.close();
      const refused = expect.objectContaining({ code: 'store-failed' });
      await expect(store.get('a')).rejects.toEqual(refused);
      await expect(store.list()).rejects.toEqual(refused);
      await expect(store.append('a', [sampleEvent(1)])).rejects.toEqual(refused);
      await expect(collectEvents(store, 'a')).rejects.toEqual(refused);
      await expect(store.lock('a')).rejects.toEqual(refused);
    });
  });
}

function recordTests(storeOf: () => RunStore): void {
  test('returns a record as it was created, and again after each update', async () => {
    const store = storeOf();
    const run = sampleRun('a');
    await store.create(run);
    expect(await store.get('a')).toEqual(run);

    await store.update('a', { updatedAt: 1_700_000_000_000.5 });
    expect(await store.get('a')).toEqual({ ...run, updatedAt: 1_700_000_000_000.5 });

    const result = sampleResult('a');
    await store.update('a', { status: 'finished', result });
    const finished = { ...run, updatedAt: 1_700_000_000_000.5, status: 'finished', result };
    expect(await store.get('a')).toEqual(finished);

    await store.update('a', {});
    expect(await store.get('a')).toEqual(finished);
  });

  test('returns a record that was created with its result', async () => {
    const run = sampleRun('a', { status: 'finished', result: sampleResult('a') });
    await storeOf().create(run);
    expect(await storeOf().get('a')).toEqual(run);
  });

  test('shares no object with its callers', async () => {
    const run = sampleRun('a');
    await storeOf().create(run);
    run.settings.window = 1;
    const read = await storeOf().get('a');
    expect(read?.settings.window).toBe(8192);
    if (read !== undefined) read.sections = 99;
    expect(await storeOf().get('a')).toMatchObject({ sections: 0 });
  });

  test.each(['', '..', '../b', 'a/b', 'a\\b', 'A', 'a.b', 'last', 'con', 'ü', 'a\u0000', 'x'.repeat(65)])(
    'refuses the name %j',
    async (runId) => {
      await expect(storeOf().create(sampleRun(runId))).rejects.toMatchObject({ code: 'invalid-option' });
      expect(await storeOf().list()).toEqual([]);
    },
  );

  test('refuses a second run of the same name and keeps the first', async () => {
    const store = storeOf();
    await store.create(sampleRun('a', { question: 'first' }));
    await expect(store.create(sampleRun('a', { question: 'second' }))).rejects.toMatchObject({
      code: 'invalid-option',
    });
    expect(await store.get('a')).toMatchObject({ question: 'first' });
  });

  test('lists runs newest first, without their results', async () => {
    const store = storeOf();
    const old = sampleRun('old', { createdAt: 1 });
    const newest = sampleRun('newest', { createdAt: 3 });
    const twin = sampleRun('twin', { createdAt: 2 });
    const laterTwin = sampleRun('a-later-twin', { createdAt: 2 });
    for (const run of [old, newest, twin, laterTwin]) await store.create(run);
    await store.update('old', { updatedAt: 9, result: sampleResult('old') });

    expect(await store.list()).toEqual([newest, laterTwin, twin, { ...old, updatedAt: 9 }]);
    expect(await store.list({ limit: 2 })).toEqual([newest, laterTwin]);
  });

  test('lists the runs whose name begins with a prefix', async () => {
    const store = storeOf();
    for (const [createdAt, runId] of ['ab', 'ab1', 'ab_2', 'abz', 'ac', 'b'].entries()) {
      await store.create(sampleRun(runId, { createdAt }));
    }
    const named = async (prefix: string, limit?: number) =>
      (await store.list(limit === undefined ? { prefix } : { prefix, limit })).map(({ runId }) => runId);
    expect(await named('ab')).toEqual(['abz', 'ab_2', 'ab1', 'ab']);
    expect(await named('ab', 1)).toEqual(['abz']);
    expect(await named('')).toHaveLength(6);
    expect(await named('a%')).toEqual([]);
    expect(await named('_')).toEqual([]);
  });
}

function lockTests(storeOf: () => RunStore): void {
  const locked = { code: 'run-locked', message: expect.stringContaining('Run a ') };

  test('locks a run once until it is released, and other runs independently', async () => {
    const store = storeOf();
    await store.create(sampleRun('a'));
    await store.create(sampleRun('b'));
    const lock = await store.lock('a');
    await expect(store.lock('a')).rejects.toMatchObject(locked);
    await (await store.lock('b')).release();

    await lock.release();
    const second = await store.lock('a');
    await lock.release();
    await expect(store.lock('a')).rejects.toMatchObject(locked);
    await second.release();
  });

  test('gives the lock to exactly one of many that ask at once', async () => {
    const store = storeOf();
    await store.create(sampleRun('a'));
    const asked = await Promise.allSettled(Array.from({ length: 20 }, () => store.lock('a')));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('does not delete a run that is worked on', async () => {
    const store = storeOf();
    await store.create(sampleRun('a'));
    const lock = await store.lock('a');
    await expect(store.delete('a')).rejects.toMatchObject(locked);
    expect(await store.get('a')).toBeDefined();
    await store.append('a', [sampleEvent(1)]);
    await lock.release();
    await store.delete('a');
    expect(await store.get('a')).toBeUndefined();
  });
}
