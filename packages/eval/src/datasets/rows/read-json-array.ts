import { Readable } from 'node:stream';
import { pick } from 'stream-json/filters/pick.js';
import { streamArray } from 'stream-json/streamers/stream-array.js';
import { passThrough } from './read-text.ts';
import type { Row } from './row.ts';

/** Strings and numbers come whole from the parser, not in pieces: each element fits in memory. */
const packed = { packKeys: true, packValues: true, streamValues: false };

/**
 * The elements of a JSON array, one at a time, so that a file of gigabytes is never held whole. `key` names the
 * array where the file is an object around it. Throws where the JSON breaks off: what follows cannot be told apart.
 */
export async function* readJsonArray(
  file: string,
  text: AsyncIterable<string>,
  key?: string,
): AsyncGenerator<Row> {
  const chunks = Readable.from(text);
  const elements =
    key === undefined
      ? passThrough(chunks, streamArray.withParserAsStream(packed))
      : passThrough(
          passThrough(chunks, pick.withParserAsStream({ ...packed, filter: key })),
          streamArray.asStream(),
        );
  let number = 0;
  for await (const { value } of elements as AsyncIterable<{ value: unknown }>) {
    number += 1;
    yield { file, unit: 'row', number, value };
  }
}
