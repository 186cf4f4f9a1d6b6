/** Opens one source: finds out what it is, and sets up the way from its bytes to its text. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MemagentError } from '../errors.ts';
import { binaryKind } from './binary-kind.ts';
import { decodeText } from './decode-text.ts';
import { detectEncoding } from './detect-encoding.ts';
import { extractDocx } from './extract-docx.ts';
import { extractEpub } from './extract-epub.ts';
import { detectHtmlEncoding, extractHtml } from './extract-html.ts';
import { extractPdf } from './extract-pdf.ts';
import { keepText, keptTextFile } from './keep-text.ts';
import { findMediaType, type Format, formatOf } from './media-type.ts';
import { normalizeEncoding } from './normalize-encoding.ts';
import type { Original } from './original.ts';
import { requireText } from './require-text.ts';
import { sourceError, unreadable } from './source-error.ts';
import type { OpenSource, TextChunk } from './source.ts';

/** What opening one source needs. */
export interface OpenOriginalOptions {
  index: number;
  /** The run's folder, made when it is asked for. */
  folder: () => Promise<string>;
  signal: AbortSignal;
}

/** An open source whose chunks can be closed without being read. */
export interface ClosableSource extends OpenSource {
  chunks: AsyncIterableIterator<TextChunk>;
}

/** What the format decides about a source. */
interface Extraction {
  encoding?: string;
  chunks: AsyncIterable<TextChunk>;
}

/** Throws `source-empty`, `source-binary` or `source-unreadable` as far as the beginning of the source tells. */
export async function openOriginal(
  original: Original,
  { index, folder, signal }: OpenOriginalOptions,
): Promise<ClosableSource> {
  const { name, path, bytes } = original;
  const source = path ?? name;
  let keptFile: string | undefined;
  try {
    const head = await readHead(original, signal);
    const mediaType = original.mediaType ?? findMediaType(name, head);
    const format = formatOf(mediaType);
    const { encoding, chunks } = extract(format, original, head, signal);
    const isItself = format === 'text' && encoding === 'utf-8';
    const kept = keepText(chunks, {
      file: async () => (keptFile = join(await folder(), keptTextFile(index))),
      ...(isItself && { original: original.file }),
      signal,
    });
    return {
      info: {
        index,
        name,
        ...(path !== undefined && { path }),
        mediaType,
        ...(encoding !== undefined && { encoding }),
        ...(bytes !== undefined && { bytes }),
        textFile: isItself ? original.textFile : keptTextFile(index),
      },
      chunks: await requireText(kept, { source, emptyError: () => emptyError(format, source), signal }),
    };
  } catch (error) {
    // The index goes to the next source, whose text this is not.
    if (keptFile !== undefined) await rm(keptFile, { force: true });
    throw signal.aborted ? signal.reason : unreadable(source, error);
  }
}

async function readHead({ blocks, headBytes }: Original, signal: AbortSignal): Promise<Uint8Array> {
  if (headBytes === 0) return new Uint8Array();
  const taken: Uint8Array[] = [];
  let length = 0;
  for await (const block of blocks(signal)) {
    taken.push(block);
    length += block.length;
    if (length >= headBytes) break;
  }
  return Buffer.concat(taken).subarray(0, headBytes);
}

function extract(format: Format, original: Original, head: Uint8Array, signal: AbortSignal): Extraction {
  const blocks = original.blocks(signal);
  const source = original.path ?? original.name;
  switch (format) {
    case 'text': {
      const encoding = findEncoding(original, detectEncoding, head);
      return { encoding, chunks: asChunks(decodeText(blocks, encoding)) };
    }
    case 'html': {
      const encoding = findEncoding(original, detectHtmlEncoding, head);
      return { encoding, chunks: asChunks(extractHtml(decodeText(blocks, encoding))) };
    }
    case 'pdf':
      return { chunks: fromWhole(blocks, (bytes) => extractPdf(bytes, source)) };
    case 'docx':
      return { chunks: fromWhole(blocks, (bytes) => asChunks(extractDocx(bytes, source))) };
    case 'epub':
      return { chunks: fromWhole(blocks, (bytes) => asChunks(extractEpub(bytes, source))) };
    default:
      return format satisfies never;
  }
}

/** Throws `source-binary` when the bytes are no text; nobody needs to look when the encoding was given. */
function findEncoding(
  { encoding, path, name }: Original,
  detect: (head: Uint8Array) => string | undefined,
  head: Uint8Array,
): string {
  const found = encoding ?? detect(head);
  if (found !== undefined) return normalizeEncoding(found);
  const kind = binaryKind(head) ?? 'a binary file. Give a text, HTML, PDF, DOCX or EPUB file';
  throw sourceError('source-binary', path ?? name, `it is no text; it looks like ${kind}.`);
}

function emptyError(format: Format, source: string): MemagentError {
  const problem =
    format === 'pdf'
      ? 'the PDF has no text; its pages may be scanned. Recognise the text first, for example with ocrmypdf.'
      : 'it has no text but white space. Check that it is the right one and complete.';
  return sourceError('source-empty', source, problem);
}

async function* asChunks(texts: AsyncIterable<string>): AsyncGenerator<TextChunk> {
  for await (const text of texts) yield { text };
}

/** For formats whose directory stands at the end, so that nothing can be read before the whole has come. */
async function* fromWhole(
  blocks: AsyncIterable<Uint8Array>,
  extractFrom: (bytes: Uint8Array) => AsyncIterable<TextChunk>,
): AsyncGenerator<TextChunk> {
  const taken: Uint8Array[] = [];
  for await (const block of blocks) taken.push(block);
  yield* extractFrom(Buffer.concat(taken));
}
