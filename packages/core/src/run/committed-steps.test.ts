import { expect, test } from 'vitest';
import { noUsage } from '../model/usage.ts';
import { createCommittedSteps } from './committed-steps.ts';
import type { StoredEvent } from './events.ts';

function stored(seq: number, step: string): StoredEvent {
  const { memory, ...rest } = { memory: `memory of ${step}`, memoryTokens: 3, usage: noUsage, elapsedMs: 1 };
  return { seq, at: seq, type: 'memory-updated', step, outcome: 'updated', memory, ...rest };
}

/** Counts what was read of it. */
function storeOf(steps: readonly string[]) {
  let read = 0;
  async function* events(): AsyncGenerator<StoredEvent> {
    for (const [index, step] of steps.entries()) {
      read = index + 1;
      yield stored(index + 1, step);
    }
  }
  return { events: events(), read: () => read };
}

// oxlint-disable-next-line require-yield -- it fails before the first
async function* failing(): AsyncGenerator<StoredEvent> {
  throw new Error('disk');
}

test('gives the steps as they are asked for, and reads no further than the one asked for', async () => {
  const { events, read } = storeOf(['a', 'b', 'c', 'd']);
  const committed = createCommittedSteps(events, 4);
  expect(await committed.take('a')).toEqual(stored(1, 'a'));
  expect(read()).toBe(1);
  expect(await committed.take('c')).toEqual(stored(3, 'c'));
  expect(await committed.take('b')).toEqual(stored(2, 'b'));
  expect(read()).toBe(3);
});

test('finds steps that are asked for side by side in another order', async () => {
  const { events } = storeOf(['b', 'c', 'a', 'd']);
  const committed = createCommittedSteps(events, 4);
  const steps = ['a', 'b', 'c', 'd', 'e'];
  const taken = await Promise.all(steps.map((step) => committed.take(step)));
  expect(taken.map((event) => event?.step)).toEqual(['a', 'b', 'c', 'd', undefined]);
});

test('leaves out what this session committed', async () => {
  const { events } = storeOf(['a', 'b', 'c']);
  const committed = createCommittedSteps(events, 2);
  expect(await committed.take('c')).toBeUndefined();
  expect(await committed.take('b')).toMatchObject({ step: 'b' });
});

test('a store that fails fails each step that is asked for', async () => {
  const committed = createCommittedSteps(failing(), 1);
  await expect(committed.take('a')).rejects.toThrow('disk');
});
