import { TinkerError } from '../errors.ts';

/**
 * The order of one model's requests. The server does them by their numbers and waits for a number that is
 * missing, so a number is given out only when a request's turn has come, and used up only when the server
 * has taken the request. What the server refused leaves its number to the next.
 */
export interface Turns {
  /**
   * Waits until all before have been taken, then sends. Requests that stood behind one that was not taken are
   * not sent: they were made in the belief that it would be. One that is not `numbered` only waits its turn.
   */
  take<Result>(
    operation: string,
    send: (seqId: number) => Promise<Result>,
    options?: TurnOptions,
  ): Promise<Result>;
}

interface TurnOptions {
  readonly signal?: AbortSignal | undefined;
  readonly numbered?: boolean;
}

interface Turn {
  /** Why it will not be sent. */
  blocked?: unknown;
}

/** The order of a new model. */
export function createTurns(): Turns {
  let seqId = 1;
  let queue: Turn[] = [];
  let last: Promise<unknown> = Promise.resolve();
  let broken: unknown;

  const fail = (turn: Turn, cause: unknown) => {
    for (const behind of queue.slice(queue.indexOf(turn) + 1)) behind.blocked ??= cause;
  };

  return {
    async take(operation, send, { signal, numbered = true } = {}) {
      signal?.throwIfAborted();
      const turn: Turn = {};
      const before = last;
      const { promise: done, resolve: finish } = Promise.withResolvers<void>();
      queue.push(turn);
      last = done;
      let sent = false;
      try {
        await abortable(before, signal);
        if (broken !== undefined) throw brokenError(operation, broken);
        if (turn.blocked !== undefined) throw blockedError(operation, turn.blocked);
        sent = true;
        const result = await send(seqId);
        if (numbered) seqId++;
        return result;
      } catch (error) {
        fail(turn, error);
        if (sent && !isRefusal(error)) broken ??= error;
        throw error;
      } finally {
        queue = queue.filter((other) => other !== turn);
        void before.then(() => finish());
      }
    },
  };
}

/** The server, or this client, surely did not take the request. */
const isRefusal = (error: unknown) =>
  error instanceof TinkerError &&
  (error.code === 'refused' || error.code === 'unauthorized' || error.code === 'bad-input');

const blockedError = (operation: string, cause: unknown) =>
  new TinkerError(
    'earlier-request-failed',
    `${operation} was not sent, as a request of the same model before it was not accepted. Mend that one and make both again.`,
    { cause },
  );

const brokenError = (operation: string, cause: unknown) =>
  new TinkerError(
    'model-broken',
    `${operation} was not sent: an earlier request of this model may or may not have reached the server. Make a new model from the last saved weights.`,
    { cause },
  );

async function abortable(promise: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return void (await promise);
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
