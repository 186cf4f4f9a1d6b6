import { expect, test } from 'vitest';
import { withEvents } from './with-events.ts';

test('emit resolves only after the consumer dealt with the event', async () => {
  const log: string[] = [];
  const events = withEvents<string, string>(async (emit) => {
    await emit('a');
    log.push('after a');
    await emit('b');
    log.push('after b');
    return 'done';
  });
  expect(await events.next()).toEqual({ done: false, value: 'a' });
  await new Promise((resolve) => setImmediate(resolve));
  expect(log).toEqual([]);
  expect(await events.next()).toEqual({ done: false, value: 'b' });
  expect(log).toEqual(['after a']);
  expect(await events.next()).toEqual({ done: true, value: 'done' });
  expect(log).toEqual(['after a', 'after b']);
});

test('several emitters side by side lose nothing', async () => {
  const events = withEvents<number, number>(async (emit) => {
    await Promise.all(
      [1, 2, 3].map(async (n) => {
        await emit(n);
        await emit(n * 10);
      }),
    );
    return 6;
  });
  const seen: number[] = [];
  let next = await events.next();
  for (; !next.done; next = await events.next()) seen.push(next.value);
  expect(seen.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 10, 20, 30]);
  expect(next.value).toBe(6);
});

test('an error comes after the events before it', async () => {
  const events = withEvents<string, never>(async (emit) => {
    await emit('last words');
    throw new Error('boom');
  });
  expect((await events.next()).value).toBe('last words');
  await expect(events.next()).rejects.toThrow('boom');
});

test('when the consumer leaves, whoever waits gives up and the work comes to its end', async () => {
  const log: string[] = [];
  const events = withEvents<string, void>(async (emit) => {
    const second = emit('b').catch((error: Error) => log.push(error.message));
    try {
      await emit('a');
    } finally {
      await second;
      log.push('closed');
    }
  });
  expect((await events.next()).value).toBe('b');
  await events.return();
  expect(log).toEqual(['The consumer of the events has left.', 'closed']);
});
