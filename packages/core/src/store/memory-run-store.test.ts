import { existsSync } from 'node:fs';

import { expect, test } from 'vitest';

import { createMemoryRunStore } from './memory-run-store.ts';
import { runStoreContract } from './run-store.contract.ts';
import { sampleRun } from './sample-run.ts';

runStoreContract('createMemoryRunStore', createMemoryRunStore);

test('closing a memory store removes its folders', async () => {
  const store = createMemoryRunStore();
  await store.create(sampleRun('a'));
  const folder = await store.folder('a');
  expect(existsSync(folder)).toBe(true);
  await store.close();
  expect(existsSync(folder)).toBe(false);
});
