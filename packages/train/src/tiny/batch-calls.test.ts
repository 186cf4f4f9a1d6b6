import { expect, test } from 'vitest';
import { batchCalls } from './batch-calls.ts';

function createSquares() {
  const batches: number[][] = [];
  const calls = batchCalls<number, number>((requests) => {
    batches.push([...requests]);
    if (requests.includes(-1)) throw new Error('a bad request');
    return requests.map((request) => request * request);
  });
  return { batches, calls };
}

test('calls of one turn form one batch, in order, also where they come some awaits later', async () => {
  const { batches, calls } = createSquares();
  const late = async (): Promise<number> => {
    for (let wait = 0; wait < 20; wait++) await Promise.resolve();
    return await calls.call(4);
  };
  expect(await Promise.all([calls.call(2), late(), calls.call(3)])).toEqual([4, 16, 9]);
  expect(batches).toEqual([[2, 3, 4]]);
  expect(await calls.call(5)).toBe(25);
  expect(batches).toHaveLength(2);
});

test('an aborted call is left out and rejects with the reason', async () => {
  const { batches, calls } = createSquares();
  const controller = new AbortController();
  const reason = new Error('enough');
  const aborted = calls.call(2, controller.signal);
  const other = calls.call(3);
  controller.abort(reason);
  await expect(aborted).rejects.toBe(reason);
  expect(await other).toBe(9);
  expect(batches).toEqual([[3]]);
});

test('what a batch throws rejects its calls, and the next batch goes on', async () => {
  const { calls } = createSquares();
  const results = await Promise.allSettled([calls.call(-1), calls.call(2)]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await calls.call(2)).toBe(4);
});

test('closing rejects what waits', async () => {
  const { calls } = createSquares();
  const waiting = calls.call(1);
  calls.close(new Error('closed'));
  await expect(waiting).rejects.toThrow('closed');
});
