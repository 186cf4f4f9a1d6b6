import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { FileKind } from './file-kind.ts';

/** Streams a UTF-8 file as text, unpacked where it is gzip, without a byte order mark. */
export async function* readText(file: string, kind: FileKind): AsyncGenerator<string> {
  const bytes = createReadStream(file, { highWaterMark: 1 << 18 });
  const stream = kind === 'gzip' ? passThrough(bytes, createGunzip()) : bytes;
  stream.setEncoding('utf8');
  let first = true;
  for await (const chunk of stream) {
    const text = String(chunk);
    yield first && text.startsWith('\uFEFF') ? text.slice(1) : text;
    first = false;
  }
}

/** The transform, fed by the source: an error of the source, and an early end of the reader, reach the other. */
export function passThrough<T extends NodeJS.ReadWriteStream>(
  source: NodeJS.ReadableStream,
  transform: T,
): T {
  pipeline(source, transform, () => {
    // The reader of `transform` meets the error itself.
  });
  return transform;
}
