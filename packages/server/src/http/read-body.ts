import type { Context } from 'hono';
import type { z } from 'zod';
import { RequestError } from './server-error.ts';

/** Most bytes of a JSON body that is read as a whole; documents belong into files. */
const mostJsonBytes = 8 * 1024 ** 2;

/**
 * Streams the body of a request, which no code holds as a whole. Throws a `RequestError` 413 as soon as it is known
 * to have more than `maxBytes`.
 */
export async function* readBody(context: Context, maxBytes: number): AsyncGenerator<Uint8Array> {
  const announced = Number(context.req.header('content-length') ?? 0);
  if (announced > maxBytes) throw tooLarge(maxBytes);
  let bytes = 0;
  for await (const block of context.req.raw.body ?? []) {
    bytes += block.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    yield block;
  }
}

/** A JSON body of moderate size. Throws a `ZodError`, a `SyntaxError`, or a `RequestError` 413. */
export async function readJson<Schema extends z.ZodType>(
  context: Context,
  schema: Schema,
  maxBytes = mostJsonBytes,
): Promise<z.output<Schema>> {
  const blocks: Uint8Array[] = [];
  for await (const block of readBody(context, Math.min(maxBytes, mostJsonBytes))) blocks.push(block);
  const text = Buffer.concat(blocks).toString('utf8');
  return schema.parse(text.trim() === '' ? {} : JSON.parse(text));
}

function tooLarge(maxBytes: number): RequestError {
  return new RequestError(
    413,
    'body_too_large',
    `The body is larger than the ${maxBytes.toLocaleString('en-US')} bytes that are allowed here. Upload the document as a file, or have the server started with a higher limit.`,
  );
}
