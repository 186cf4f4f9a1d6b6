import { expect, test } from 'vitest';
import { withEvents } from './with-events.ts';

const isCapital = (event: string): boolean => event === event.toUpperCase();
const eventLoopRound = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** All batches, and what the work returned. */
async function collectBatches<Event, Result>(
  events: AsyncGenerator<readonly Event[], Result>,
): Promise<{ batches: (readonly Event[])[]; result: Result }> {
  const batches: (readonly Event[])[] = [];
  for (;;) {
    const next = await events.next();
    if (next.done) return { batches, result: next.value };
    batches.push(next.value);
  }
}

test('a barrier resolves only after the consumer dealt with it and all before', async () => {
  const log: string[] = [];
  const events = withEvents<string, string>(async (emit) => {
    await emit('a');
    log.push('after a');
    await emit('B');
    log.push('after B');
    await emit('c');
    return 'done';
  }, isCapital);
  expect(await events.next()).toEqual({ done: false, value: ['a', 'B'] });
  await eventLoopRound();
  expect(log).toEqual(['after a']);
  expect(await events.next()).toEqual({ done: false, value: ['c'] });
  expect(log).toEqual(['after a', 'after B']);
  expect(await events.next()).toEqual({ done: true, value: 'done' });
});

test('what no barrier follows is delivered all the same while the work waits for something else', async () => {
  const somethingElse = Promise.withResolvers<void>();
  const events = withEvents<string, void>(async (emit) => {
    await emit('a');
    await emit('b');
    await somethingElse.promise;
    await emit('c');
  }, isCapital);
  expect(await events.next()).toEqual({ done: false, value: ['a', 'b'] });
  somethingElse.resolve();
  expect(await events.next()).toEqual({ done: false, value: ['c'] });
});

test('an emitter that no barrier holds back waits when very many events do', async () => {
  let emitted = 0;
  const events = withEvents<string, void>(async (emit) => {
    for (; emitted < 1000; emitted += 1) await emit('a');
  }, isCapital);
  const first = await events.next();
  await eventLoopRound();
  expect(emitted).toBeLessThan(100);
  expect(first.value?.length).toBeLessThan(100);
  const { batches } = await collectBatches(events);
  expect([first.value, ...batches].flat()).toHaveLength(1000);
});

test('several emitters side by side lose nothing', async () => {
  const events = withEvents<number, number>(
    async (emit) => {
      await Promise.all(
        [1, 2, 3].map(async (n) => {
          await emit(n);
          await emit(n * 10);
        }),
      );
      return 6;
    },
    (event) => event >= 10,
  );
  const { batches, result } = await collectBatches(events);
  expect(batches.flat().toSorted((a, b) => a - b)).toEqual([1, 2, 3, 10, 20, 30]);
  expect(result).toBe(6);
});

test('an error comes after the events before it', async () => {
  const events = withEvents<string, never>(async (emit) => {
    await emit('last words');
    throw new Error('boom');
  }, isCapital);
  expect((await events.next()).value).toEqual(['last words']);
  await expect(events.next()).rejects.toThrow('boom');
});

test('when the consumer leaves, whoever waits gives up and the work comes to its end', async () => {
  const log: string[] = [];
  const events = withEvents<string, void>(async (emit) => {
    const second = emit('B').catch((error: Error) => log.push(error.message));
    try {
      await second;
      await emit('a');
    } finally {
      log.push('closed');
    }
  }, isCapital);
  expect((await events.next()).value).toEqual(['B']);
  await events.return(undefined);
  expect(log).toEqual(['The consumer of the events has left.', 'closed']);
});
