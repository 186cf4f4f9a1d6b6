/**
 * Turns work that reports events into an async generator of those events. `emit` resolves when the consumer
 * asks for the event after it, that is when it has dealt with this one: a consumer that stores each event
 * before asking for the next makes `await emit(event)` mean "stored". Several emitters may wait at once. When
 * the consumer leaves early, `emit` rejects, and the generator returns once the work has come to its end.
 */
export async function* withEvents<Event, Result>(
  work: (emit: (event: Event) => Promise<void>) => Promise<Result>,
): AsyncGenerator<Event, Result> {
  const queue: { event: Event; taken: PromiseWithResolvers<void> }[] = [];
  let news = Promise.withResolvers<void>();
  let settled = false;
  let left = false;
  const emit = (event: Event): Promise<void> => {
    if (left) return Promise.reject(consumerLeft());
    const taken = Promise.withResolvers<void>();
    queue.push({ event, taken });
    news.resolve();
    return taken.promise;
  };
  const done = work(emit).finally(() => {
    settled = true;
    news.resolve();
  });
  done.catch(() => {}); // Rethrown by the `return` below, after the events before it were delivered.
  try {
    while (true) {
      const next = queue[0];
      if (next) {
        yield next.event;
        queue.shift();
        next.taken.resolve();
      } else if (settled) {
        return await done;
      } else {
        await news.promise;
        news = Promise.withResolvers();
      }
    }
  } finally {
    // A consumer that left deals with no more events: whoever waits for one gives up, and lets go of its files.
    left = true;
    for (const { taken } of queue) taken.reject(consumerLeft());
    await done.catch(() => {});
  }
}

function consumerLeft(): Error {
  return new Error('The consumer of the events has left.');
}
