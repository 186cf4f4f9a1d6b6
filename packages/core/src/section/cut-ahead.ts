import { afterRequestMs } from '../model/after-request.ts';

/**
 * Cuts the next section while the last one is being read: the time that a model takes to answer is enough for it.
 * One section is held more than without. Where sections are taken one after the other, none is cut ahead.
 */
export async function* cutAhead<Item>(
  cut: (signal: AbortSignal) => AsyncGenerator<Item>,
  signal: AbortSignal,
): AsyncGenerator<Item> {
  const leaving = new AbortController();
  const items = cut(AbortSignal.any([signal, leaving.signal]));
  let next: Promise<IteratorResult<Item>> | undefined;
  let waiting: NodeJS.Timeout | undefined;
  const start = (): void => {
    next ??= items.next();
    next.catch(() => {}); // Whoever asks for it gets the error; nobody may.
  };
  try {
    for (;;) {
      const { value, done } = await (next ?? items.next());
      next = undefined;
      if (done) return;
      waiting = setTimeout(start, afterRequestMs);
      yield value;
      clearTimeout(waiting);
    }
  } finally {
    clearTimeout(waiting);
    // The input may be silent for long: what waits for it is told to stop.
    leaving.abort();
    await next?.catch(() => {});
    await items.return(undefined);
  }
}
