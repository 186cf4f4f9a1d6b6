import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createPairKeeper } from './pair-keeper.ts';
import { readBlocks } from './read-blocks.ts';
import { readStream } from './read-stream.ts';
import { unreadable } from './source-error.ts';
import type { SourceStream } from './source.ts';
import { markEnd, type Spool, unmarkEnd } from './spool.ts';
import { untilAborted } from './until-aborted.ts';

/** How far the background task has come. */
interface Progress {
  written: number;
  encoding: string | undefined;
  isComplete: boolean;
  failure?: { error: unknown };
  /** Resolves when any of this changes. */
  change: PromiseWithResolvers<void>;
}

/**
 * Starts to write a stream to `file` and resolves when its first bytes are there, with `whole` when all are. The writing
 * goes on in the background at the speed of the input until its end, or until `signal` aborts. A reader follows
 * the growing file; when the input fails, the reader does, at once.
 */
export async function startSpool(
  file: string,
  name: string,
  stream: () => SourceStream,
  signal: AbortSignal,
  whole = false,
): Promise<Spool> {
  const progress: Progress = {
    written: 0,
    encoding: undefined,
    isComplete: false,
    change: Promise.withResolvers(),
  };
  void fill(file, name, stream, progress, signal);
  await progress.change.promise;
  if (whole) while (!progress.isComplete && !progress.failure) await progress.change.promise;
  return { file, encoding: progress.encoding, blocks: (readSignal) => follow(file, progress, readSignal) };
}

/** Never rejects: a failure is the reader's to hear of. */
async function fill(
  file: string,
  name: string,
  stream: () => SourceStream,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  try {
    await copyStream(file, stream, progress, signal);
    progress.isComplete = true;
  } catch (error) {
    progress.failure = { error: signal.aborted ? signal.reason : unreadable(name, error) };
  }
  progress.change.resolve();
}

async function copyStream(
  file: string,
  stream: () => SourceStream,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  // Nobody waits for this task after an abort: it must leave the file alone, which a resumed run may be writing.
  signal.throwIfAborted();
  await unmarkEnd(file);
  signal.throwIfAborted();
  const handle = await open(file, 'w');
  const write = async (bytes: Uint8Array): Promise<void> => {
    if (bytes.length === 0) return;
    await handle.writeFile(bytes);
    progress.written += bytes.length;
    progress.change.resolve();
    progress.change = Promise.withResolvers();
  };
  const pairs = createPairKeeper();
  try {
    for await (const piece of readStream(stream(), signal)) {
      if (typeof piece === 'string') {
        if (progress.written === 0) progress.encoding = 'utf-8';
        await write(Buffer.from(pairs.push(piece)));
      } else {
        await write(Buffer.from(pairs.end()));
        await write(piece);
      }
    }
    await write(Buffer.from(pairs.end()));
    signal.throwIfAborted();
    await markEnd(file, { bytes: progress.written, encoding: progress.encoding });
  } finally {
    await handle.close();
  }
}

async function* follow(file: string, progress: Progress, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  let position = 0;
  while (true) {
    const { written, isComplete, failure, change } = progress;
    if (failure) throw failure.error;
    if (position < written) {
      yield* readBlocks(file, signal, { start: position, end: written });
      position = written;
    } else if (isComplete) {
      return;
    } else {
      await untilAborted(change.promise, signal);
    }
  }
}
