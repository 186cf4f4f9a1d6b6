import { access, constants, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { readBlocks } from './read-blocks.ts';
import { unreadable } from './source-error.ts';
import type { SourceRecord } from './source.ts';
import type { Spool } from './spool.ts';

/** The bytes of a source as they were given, before anything is made of them: a file, or the spool of a stream. */
export interface Original {
  /** How people call it, see `SourceInfo`. */
  name: string;
  /** Absolute path, where it is a file of the user's. */
  path?: string;
  bytes?: number;
  mediaType: string | undefined;
  encoding: string | undefined;
  /** Absolute path of the bytes. */
  file: string;
  /** The same, as `SourceInfo.textFile` has it. */
  textFile: string;
  /** How many bytes are looked at before the first text is given; 0 when all that they tell is known. */
  headBytes: number;
  blocks(signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/**
 * A file's head is large, so that a book in an old encoding is recognised even if its first accent comes late. A
 * stream's is small: nothing is read while it is waited for.
 */
const fileHeadBytes = 1024 * 1024;
const spoolHeadBytes = 64 * 1024;

/** A file as the original of a source. `name` defaults to the last part of its path. */
export async function fileOriginal(
  { path, mediaType, encoding }: Extract<SourceRecord, { kind: 'file' }>,
  name = basename(path),
): Promise<Original> {
  try {
    await access(path, constants.R_OK);
    const { size } = await stat(path);
    return {
      name,
      path,
      bytes: size,
      mediaType,
      encoding,
      file: path,
      textFile: path,
      headBytes: fileHeadBytes,
      blocks: (signal) => readBlocks(path, signal),
    };
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** A spool as the original of a source. */
export function spoolOriginal(record: Extract<SourceRecord, { kind: 'spool' }>, spool: Spool): Original {
  return {
    name: record.name,
    // A text that was given as a string is not searched for signs that it is something else.
    mediaType: record.mediaType ?? (spool.encoding && 'text/plain'),
    encoding: record.encoding ?? spool.encoding,
    file: spool.file,
    textFile: record.file,
    headBytes: spool.encoding ? 0 : spoolHeadBytes,
    blocks: (signal) => spool.blocks(signal),
  };
}
