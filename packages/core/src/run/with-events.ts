/**
 * Turns work that reports events into an async generator of batches of them, in order. An event that the work
 * has to wait for (`isBarrier`) ends a batch, and `emit` of it resolves when the consumer asks for the next
 * batch, that is when it has dealt with this one and all before: a consumer that stores each batch before asking
 * for the next makes `await emit(barrier)` mean "all that happened so far is stored". `emit` of any other event
 * resolves at once, unless very many wait; it is delivered with the next barrier, or when the event loop has
 * gone round, whichever comes first. Several emitters may wait at once. When the consumer leaves early, `emit`
 * rejects, and the generator returns once the work has come to its end.
 */
export async function* withEvents<Event, Result>(
  work: (emit: (event: Event) => Promise<void>) => Promise<Result>,
  isBarrier: (event: Event) => boolean,
): AsyncGenerator<readonly Event[], Result> {
  let batch = createBatch<Event>();
  let news = Promise.withResolvers<void>();
  let settled = false;
  let left = false;
  let isTurning = false;
  const deliver = (due: Batch<Event>): void => {
    due.isDue = true;
    news.resolve();
  };
  // The event loop is not given the batch: V8 may keep what was queued there until its next full collection.
  const onTurn = (): void => {
    isTurning = false;
    if (batch.events.length > 0) deliver(batch);
  };
  const emit = async (event: Event): Promise<void> => {
    if (left) throw consumerLeft();
    const mine = batch;
    mine.events.push(event);
    if (isBarrier(event) || mine.events.length >= mostWaiting) {
      deliver(mine);
      await mine.taken.promise;
    } else if (!isTurning) {
      isTurning = true;
      setImmediate(onTurn);
    }
  };
  const done = work(emit).finally(() => {
    settled = true;
    deliver(batch);
  });
  done.catch(() => {}); // Rethrown by the `return` below, after the events before it were delivered.
  let given: Batch<Event> | undefined;
  try {
    while (true) {
      if (batch.events.length > 0 && (batch.isDue || settled)) {
        given = batch;
        batch = createBatch();
        yield given.events;
        given.taken.resolve();
        given = undefined;
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
    given?.taken.reject(consumerLeft());
    batch.taken.reject(consumerLeft());
    await done.catch(() => {});
  }
}

/** Events that were not taken yet. */
interface Batch<Event> {
  events: Event[];
  isDue: boolean;
  /** Settles when the consumer has dealt with all of them, or has left. */
  taken: PromiseWithResolvers<void>;
}

/** So many events may wait before every emitter does, so that a slow consumer bounds what is held. */
const mostWaiting = 32;

function createBatch<Event>(): Batch<Event> {
  const taken = Promise.withResolvers<void>();
  taken.promise.catch(() => {}); // Nobody may be waiting.
  return { events: [], isDue: false, taken };
}

function consumerLeft(): Error {
  return new Error('The consumer of the events has left.');
}
