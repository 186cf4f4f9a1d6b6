import { Busboy, type BusboyHeaders } from '@fastify/busboy';
import type { Context } from 'hono';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readBody } from './read-body.ts';
import { RequestError } from './server-error.ts';

/** A file of a form, while it comes in. */
export interface IncomingFile {
  field: string;
  filename: string;
  content: AsyncIterable<Uint8Array>;
}

const mostFields = 100;
const mostFieldBytes = 1024 ** 2;

/**
 * Reads a form (`multipart/form-data`) as it streams in. `onFile` takes each file; the fields come back by their
 * names, in order. Throws a `RequestError` for what is no form or too large, and whatever `onFile` throws.
 */
export async function readMultipart(
  context: Context,
  maxBytes: number,
  onFile: (file: IncomingFile) => Promise<void>,
): Promise<Map<string, string[]>> {
  const type = context.req.header('content-type') ?? '';
  if (!/^multipart\/form-data\s*;.*boundary=/i.test(type)) {
    throw new RequestError(
      415,
      'unsupported_media_type',
      `Expected a form (multipart/form-data), received ${type === '' ? 'no content type' : type}.`,
    );
  }
  const headers: BusboyHeaders = { 'content-type': type };
  const busboy = new Busboy({ headers, limits: { fields: mostFields, fieldSize: mostFieldBytes } });
  // Both may fail more than once, also when nobody listens any more.
  busboy.on('error', () => {});
  const fields = new Map<string, string[]>();
  const files: { stream: Readable; work: Promise<void> }[] = [];
  busboy.on('field', (name, value, isNameCut, isCut) => {
    if (isNameCut || isCut) busboy.destroy(fieldTooLong(name));
    else fields.set(name, [...(fields.get(name) ?? []), value]);
  });
  busboy.on('file', (field, stream, filename) => {
    stream.on('error', () => {});
    const work = onFile({ field, filename: filename ?? '', content: stream });
    work.catch((error: unknown) => busboy.destroy(asError(error)));
    files.push({ stream, work });
  });
  busboy.on('fieldsLimit', () => busboy.destroy(tooManyFields()));
  try {
    await pipeline(Readable.from(readBody(context, maxBytes)), busboy);
  } catch (error) {
    const cause = asError(error);
    for (const { stream } of files) stream.destroy(cause);
    await Promise.allSettled(files.map(({ work }) => work));
    throw isMalformed(cause) ? notAForm(cause) : cause;
  }
  await Promise.all(files.map(({ work }) => work));
  return fields;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** What the library says of a form that ends too early or has no sense. */
function isMalformed({ message }: Error): boolean {
  return /multipart|malformed|unexpected end/i.test(message);
}

function notAForm(cause: Error): RequestError {
  return new RequestError(400, 'invalid_form', `The form is damaged: ${cause.message}.`, { cause });
}

function fieldTooLong(name: string): RequestError {
  return new RequestError(
    413,
    'field_too_long',
    `The field ${JSON.stringify(name.slice(0, 100))} is too long. Send long texts as files.`,
  );
}

function tooManyFields(): RequestError {
  return new RequestError(413, 'too_many_fields', `The form has more than ${mostFields} fields.`);
}
