import { unreadable } from './source-error.ts';
import type { TextChunk } from './source.ts';
import { untilAborted } from './until-aborted.ts';

/** White space at the beginning is looked through this far before a source is open; the rest while it is read. */
const maxBlankChunks = 16;

export interface RequireTextOptions {
  /** How people call the source, for errors on the way. */
  source: string;
  emptyError: () => Error;
  signal: AbortSignal;
}

/**
 * Makes sure that a source has text other than white space: throws before anything is handed on where the
 * beginning tells, else at the end. The chunks stop at once when `signal` aborts, with its reason.
 */
export async function requireText(
  chunks: AsyncIterable<TextChunk>,
  options: RequireTextOptions,
): Promise<AsyncIterableIterator<TextChunk>> {
  const pulled = pull(chunks, options);
  const taken: TextChunk[] = [];
  while (taken.length < maxBlankChunks && taken.every(isBlank)) {
    const next = await pulled.next();
    if (next.done) break;
    taken.push(next.value);
  }
  // Not a generator: the `return` of one that nobody has begun to read would close nothing.
  const checked: AsyncIterableIterator<TextChunk> = {
    async next() {
      const value = taken.shift();
      return value ? { value } : pulled.next();
    },
    return: () => pulled.return(undefined),
    [Symbol.asyncIterator]: () => checked,
  };
  return checked;
}

async function* pull(
  chunks: AsyncIterable<TextChunk>,
  { source, emptyError, signal }: RequireTextOptions,
): AsyncGenerator<TextChunk, undefined> {
  const iterator = chunks[Symbol.asyncIterator]();
  let hasText = false;
  try {
    while (true) {
      const { done, value } = await untilAborted(iterator.next(), signal);
      if (done) break;
      hasText ||= !isBlank(value);
      yield value;
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : unreadable(source, error);
  } finally {
    // After an abort the step under way may take its time; nobody waits for it.
    const closed = iterator.return?.();
    if (!signal.aborted) await closed;
  }
  if (!hasText) throw emptyError();
}

function isBlank({ text }: TextChunk): boolean {
  return text.trim() === '';
}
