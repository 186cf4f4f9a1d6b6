import type { SourceStream } from './source.ts';
import { untilAborted } from './until-aborted.ts';

type Piece = Uint8Array | string;

/**
 * Iterates over a stream of any kind. When `signal` aborts, the stream is told to stop at once, also one that
 * hangs: the `return` of an iterator alone would wait for the piece under way.
 */
export async function* readStream(stream: SourceStream, signal: AbortSignal): AsyncGenerator<Piece> {
  const { next, stop } = pullerOf(stream);
  try {
    while (true) {
      const { done, value } = await untilAborted(next(), signal);
      if (done) return;
      if (typeof value !== 'string' && !(value instanceof Uint8Array)) {
        throw new TypeError(`the stream gave ${typeof value}; it must give strings or Uint8Arrays`);
      }
      yield value;
    }
  } finally {
    // The stream may fail to stop; what it gave, or its first error, is what counts.
    stop().catch(() => {});
  }
}

interface Puller {
  next: () => Promise<{ done?: boolean | undefined; value: unknown }>;
  stop: () => Promise<unknown>;
}

function pullerOf(stream: SourceStream): Puller {
  if ('getReader' in stream) {
    const reader = stream.getReader();
    return { next: () => reader.read(), stop: () => reader.cancel() };
  }
  const iterator = stream[Symbol.asyncIterator]();
  return {
    next: () => iterator.next(),
    async stop() {
      if ('destroy' in stream && typeof stream.destroy === 'function') stream.destroy();
      await iterator.return?.();
    },
  };
}
