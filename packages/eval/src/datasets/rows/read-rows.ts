/** Reads the rows of one data file, whatever container it is in. */
import { MemagentError, messageOf } from '@memagent/core';
import { createDataError } from './data-error.ts';
import { type FileKind, fileKind } from './file-kind.ts';
import { readCsv } from './read-csv.ts';
import { readJsonArray } from './read-json-array.ts';
import { readJsonLines } from './read-json-lines.ts';
import { readParquet } from './read-parquet.ts';
import { readText } from './read-text.ts';
import { positionOf, type Row } from './row.ts';

/**
 * The rows in order. `arrayAt` is the key of the array of rows, where a data set's JSON is one object around it.
 * Throws `source-unreadable` where the file breaks off: after a fault in JSON or CSV rows cannot be told apart.
 */
export async function* readRows(file: string, arrayAt?: string): AsyncGenerator<Row> {
  const kind = await fileKind(file);
  if (kind === 'zip') throw createDataError(`Data file ${file} is a zip archive. Unpack it first.`, file);
  let last = 'the beginning';
  try {
    for await (const row of kind === 'parquet' ? readParquet(file) : readTextRows(file, kind, arrayAt)) {
      last = positionOf(row);
      yield row;
    }
  } catch (error) {
    if (error instanceof MemagentError) throw error;
    throw createDataError(
      `Data file ${file} cannot be read after ${last}: ${messageOf(error)}. Check that it was downloaded whole.`,
      file,
      error,
    );
  }
}

async function* readTextRows(file: string, kind: FileKind, arrayAt: string | undefined): AsyncGenerator<Row> {
  const { start, text } = await peek(readText(file, kind));
  if (/\.csv(\.gz)?$/i.test(file)) yield* readCsv(file, text);
  else if (start === '[') yield* readJsonArray(file, text);
  else if (start === '{' && arrayAt !== undefined) yield* readJsonArray(file, text, arrayAt);
  else yield* readJsonLines(file, text);
}

/** The first character that is no white space, and the whole text still. */
async function peek(chunks: AsyncGenerator<string>): Promise<{ start: string; text: AsyncIterable<string> }> {
  let head = '';
  while (head.trim() === '') {
    const next = await chunks.next();
    if (next.done === true) break;
    head += next.value;
  }
  async function* whole() {
    try {
      yield head;
      yield* chunks;
    } finally {
      // Also where reading ends at the head.
      await chunks.return(undefined);
    }
  }
  return { start: head.trimStart().slice(0, 1), text: whole() };
}
