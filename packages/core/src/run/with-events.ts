/**
 * Turns work that reports events into an async generator of those events. `emit` resolves when the consumer
 * asks for the event after it, that is when it has dealt with this one: a consumer that stores each event
 * before asking for the next makes `await emit(event)` mean "stored". Several emitters may wait at once.
 */
export async function* withEvents<Event, Result>(
  work: (emit: (event: Event) => Promise<void>) => Promise<Result>,
): AsyncGenerator<Event, Result> {
  const queue: { event: Event; taken: () => void }[] = [];
  let news = Promise.withResolvers<void>();
  let settled = false;
  const emit = (event: Event): Promise<void> =>
    new Promise((taken) => {
      queue.push({ event, taken });
      news.resolve();
    });
  const done = work(emit).finally(() => {
    settled = true;
    news.resolve();
  });
  done.catch(() => {}); // Rethrown by the `return` below, after the events before it were delivered.
  while (true) {
    const next = queue.shift();
    if (next) {
      yield next.event;
      next.taken();
    } else if (settled) {
      return await done;
    } else {
      await news.promise;
      news = Promise.withResolvers();
    }
  }
}
