/**
 * Passes items on until `signal` aborts, then throws its reason at once, also while an item is awaited. The
 * source of the items is told to stop; it is not waited for after an abort, since it may hang.
 */
export async function* untilAborted<Item>(
  items: AsyncIterable<Item>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Item> {
  if (!signal) {
    yield* items;
    return;
  }
  const iterator = items[Symbol.asyncIterator]();
  let isOpen = true;
  try {
    for (;;) {
      const next = await orAborted(() => iterator.next(), signal);
      if (next.done) {
        isOpen = false;
        return;
      }
      yield next.value;
    }
  } catch (error) {
    isOpen = signal.aborted;
    throw error;
  } finally {
    if (isOpen) {
      const closed = Promise.resolve(iterator.return?.());
      if (signal.aborted) closed.catch(() => {});
      else await closed;
    }
  }
}

/** Settles as `start` does, or rejects with the signal's reason if that comes first. */
async function orAborted<Value>(start: () => Promise<Value>, signal: AbortSignal): Promise<Value> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([start(), aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
