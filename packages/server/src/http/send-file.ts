import { stream } from 'hono/streaming';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { ServerContext } from './server-env.ts';

/**
 * Answers with the bytes of a file, as a download: never shown by a browser, for a page that somebody uploaded must not
 * run in this origin.
 */
export function sendFile(
  context: ServerContext,
  { path, bytes, filename }: { path: string; bytes: number; filename: string },
): Response {
  context.header('content-type', 'application/octet-stream');
  context.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(filename)}`);
  context.header('content-length', String(bytes));
  return stream(context, (target) =>
    target.pipe(Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>),
  );
}
