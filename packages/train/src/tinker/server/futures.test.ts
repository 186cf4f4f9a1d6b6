import { MemagentError } from '@memagent/core';
import { expect, test } from 'vitest';
import { createFutures } from './futures.ts';
import { createRequestOrder } from './request-order.ts';

test('a key is one request, however often it is sent', async () => {
  const futures = createFutures<number>();
  let calls = 0;
  const work = async (): Promise<number> => (calls += 1);
  const id = futures.accept(work, 'a/1');
  expect(futures.accept(work, 'a/1')).toBe(id);
  expect(await futures.retrieve(id, 1000)).toEqual({ status: 'done', result: 1 });
  expect(await futures.retrieve(id, 0)).toEqual({ status: 'done', result: 1 });
  expect(calls).toBe(1);
});

test('what is not there yet is pending, what failed says whose fault it was, what is not known is said', async () => {
  const futures = createFutures<number>({ keep: 1 });
  const { promise, resolve: finish } = Promise.withResolvers<number>();
  const slow = futures.accept(() => promise);
  expect(await futures.retrieve(slow, 0)).toEqual({ status: 'pending' });
  finish(7);
  expect(await futures.retrieve(slow, 1000)).toEqual({ status: 'done', result: 7 });
  const wrong = futures.accept(() => Promise.reject(new MemagentError('no', { code: 'invalid-option' })));
  expect(await futures.retrieve(wrong, 1000)).toEqual({ status: 'failed', error: 'no', category: 'user' });
  const broken = futures.accept(() => Promise.reject(new Error('oh')));
  expect(await futures.retrieve(broken, 1000)).toEqual({ status: 'failed', error: 'oh', category: 'server' });
  expect(await futures.retrieve(slow, 0)).toEqual({ status: 'unknown' });
});

test('requests are carried out one at a time in the order of their numbers', async () => {
  const order = createRequestOrder();
  const done: string[] = [];
  const work = (name: string) => async () => {
    await new Promise((resolve) => setImmediate(resolve));
    done.push(name);
    if (name === 'two') throw new Error('two failed');
  };
  const results = [
    order.run(3, work('three')),
    order.run(2, work('two')),
    order.run(1, work('one')),
    order.run(undefined, work('any')),
  ];
  expect((await Promise.allSettled(results)).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ]);
  expect(done).toEqual(['one', 'two', 'three', 'any']);
});
