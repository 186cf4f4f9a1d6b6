import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { leastTinyConfig } from '../../tiny/sample-config.ts';
import { initialTensors } from '../../tiny/tensors.ts';
import { openLocalTinker } from '../local-tinker.ts';
import { readSavedState } from '../saved-state.ts';
import { createTinkerBackend } from '../tinker-backend.ts';
import { createCheckpointStore } from './checkpoint-store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memagent-checkpoints-'));
});
afterEach(() => rm(folder, { recursive: true }));

let time: number;
const hour = 3_600_000;

/** A store with a clock of its own, and a model that has saved under some names. */
async function openStore(names: Record<string, number | undefined>, keepSeconds?: number) {
  time = 1_700_000_000_000;
  const store = createCheckpointStore(folder, { keepSeconds, now: () => time });
  await store.writeRun('model', { baseModel: 'base' });
  for (const [name, ttl] of Object.entries(names)) {
    await store.save('model', 'weights', name, (at) => writeFile(join(at, 'w'), name), ttl);
  }
  const kept = async () => (await store.list('model')).map(({ name }) => name).toSorted();
  return { store, kept };
}

test('checkpoints go when their time has passed, those without one when the store says so', async () => {
  const { store, kept } = await openStore({ own: 1800, default: undefined }, 3600);
  expect(await kept()).toEqual(['default', 'own']);
  time += hour / 2;
  await expect(store.find('tinker://model/weights/own')).rejects.toMatchObject({ code: 'bad-checkpoint' });
  expect(await kept()).toEqual(['default']);
  time += hour / 2;
  await store.sweep();
  expect(await readdir(join(folder, 'model', 'weights'))).toEqual([]);
});

test('without a rule checkpoints stay; a time can be set later, and taken back', async () => {
  const { store, kept } = await openStore({ first: undefined, second: undefined });
  await store.setTtl('model', 'weights', 'first', 60);
  await store.setTtl('model', 'weights', 'second', 60);
  await store.setTtl('model', 'weights', 'second', null);
  expect((await store.list('model')).find(({ name }) => name === 'first')?.expiresAt).toEqual(
    new Date(time + 60_000),
  );
  time += 1000 * hour;
  expect(await kept()).toEqual(['second']);
});

test('a name that is used again gets the time of its new checkpoint', async () => {
  const { store, kept } = await openStore({ name: 60 });
  await store.save('model', 'weights', 'name', (at) => writeFile(join(at, 'w'), 'new'));
  time += hour;
  expect(await kept()).toEqual(['name']);
  expect(await readFile(join(folder, 'model', 'weights', 'name', 'w'), 'utf8')).toBe('new');
});

test('over the wire: a checkpoint that a run no longer needs expires, one that it needs does not', async () => {
  const weights = initialTensors(leastTinyConfig, 3);
  const local = openLocalTinker({ folder, baseModels: { least: { config: leastTinyConfig, weights } } });
  const client = local.connect();
  const backend = await createTinkerBackend({
    client,
    baseModel: 'least',
    lora: 'full',
    expireAfterSeconds: 60,
  });
  const saved = await Promise.all(['old', 'new'].map((name) => mkdtemp(join(folder, `.${name}-`))));
  for (const at of saved) await backend.save(at);
  const [old, recent] = await Promise.all(saved.map(readSavedState));
  await backend.discard!(saved[0]!);
  const [, , runId = ''] = old!.statePath.split('/');
  const items = await client.checkpoints.ofRun(runId);
  const expiring = items.filter(({ expiresAt }) => expiresAt !== undefined).map(({ path }) => path);
  expect(expiring.toSorted()).toEqual([old!.statePath, old!.samplerPath].toSorted());
  expect(items.map(({ path }) => path)).toContain(recent!.statePath);
  await backend.close();
  local.close();
});

test('an engine that cannot let a checkpoint expire does not stop the run', async () => {
  const weights = initialTensors(leastTinyConfig, 3);
  const local = openLocalTinker({ folder, baseModels: { least: { config: leastTinyConfig, weights } } });
  const notices: string[] = [];
  const backend = await createTinkerBackend({
    client: local.connect(),
    baseModel: 'least',
    lora: 'full',
    expireAfterSeconds: 60,
    onNotice: (message) => notices.push(message),
  });
  await backend.discard!(join(folder, 'nothing'));
  expect(notices).toEqual([expect.stringContaining('The engine keeps the checkpoint')]);
  await backend.close();
  local.close();
});
