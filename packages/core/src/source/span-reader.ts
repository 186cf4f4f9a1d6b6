import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { keptTextFile } from './keep-text.ts';
import { sourceError, unreadable } from './source-error.ts';
import type { SourceInfo, SourceSpan } from './source.ts';

/** Reads stretches of text again by seeking. */
export interface SpanReader {
  /** The text of a span that was read before. Throws `source-changed` if the file has become shorter. */
  read(span: Pick<SourceSpan, 'source' | 'byteStart' | 'byteEnd'>): Promise<string>;
}

/** Makes a reader of spans over the sources of a run. Sources may be added to the list later. */
export function createSpanReader({
  folder,
  sources,
}: {
  /** The run's folder. */
  folder: () => Promise<string>;
  sources: readonly SourceInfo[];
}): SpanReader {
  return {
    async read({ source, byteStart, byteEnd }) {
      const info = sources.find(({ index }) => index === source);
      if (!info)
        throw sourceError('source-unreadable', `source ${source}`, 'the run has none with this number.');
      const root = await folder();
      // The copy of a file with invalid UTF-8 comes to be while the file is read, see `keepText`; as long as it is
      // shorter than the span, the span lies before the first invalid byte, where the original says the same.
      const text =
        (await readBytes(resolve(root, keptTextFile(source)), byteStart, byteEnd)) ??
        (await readBytes(resolve(root, info.textFile), byteStart, byteEnd));
      if (text !== undefined) return text;
      throw sourceError(
        'source-changed',
        info.path ?? info.name,
        `its text ends before byte ${byteEnd}, where a part of it was read before. Put the original back, or start a new run.`,
      );
    },
  };
}

/** The text between two positions, or nothing if the file is missing or too short. */
async function readBytes(file: string, start: number, end: number): Promise<string | undefined> {
  try {
    await using handle = await open(file, 'r');
    const bytes = Buffer.alloc(end - start);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
    return bytesRead === bytes.length ? bytes.toString('utf8') : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw unreadable(file, error);
  }
}
