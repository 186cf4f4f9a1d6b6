/** EPUB is a ZIP archive of XHTML files; its package document (OPF) says in which order they are read. */
import { posix } from 'node:path';
import { unzipSync } from 'fflate';
import { Parser } from 'htmlparser2';
import { messageOf } from '../errors.ts';
import { decodeText } from './decode-text.ts';
import { detectHtmlEncoding, extractHtml } from './extract-html.ts';
import { normalizeEncoding } from './normalize-encoding.ts';
import { sourceError } from './source-error.ts';

/**
 * Gives the text of a book chapter by chapter, in the order of its spine. The archive is held in memory, and one
 * chapter at a time is unpacked.
 */
export async function* extractEpub(bytes: Uint8Array, source: string): AsyncGenerator<string> {
  try {
    const packagePath = findPackage(unzipText(bytes, 'META-INF/container.xml'));
    let separator = '';
    for (const path of readSpine(unzipText(bytes, packagePath), packagePath)) {
      for await (const text of extractHtml(decodeChapter(unzipEntry(bytes, path), path))) {
        yield separator + text;
        separator = '';
      }
      separator = '\n\n';
    }
  } catch (error) {
    throw sourceError(
      'source-unreadable',
      source,
      `it is no EPUB or a damaged one (${messageOf(error)}). Convert it to EPUB again, or to text.`,
      error,
    );
  }
}

/** Path of the package document that `META-INF/container.xml` names. */
function findPackage(container: string): string {
  for (const { name, attributes } of elementsOf(container)) {
    if (name === 'rootfile' && attributes['full-path']) return attributes['full-path'];
  }
  throw new Error('META-INF/container.xml names no package document');
}

/** Paths of the chapters inside the archive, in reading order. */
function readSpine(packageDocument: string, packagePath: string): string[] {
  const pathById = new Map<string, string>();
  const spine: string[] = [];
  for (const { name, attributes } of elementsOf(packageDocument)) {
    if (name === 'item') pathById.set(attributes['id'] ?? '', attributes['href'] ?? '');
    if (name === 'itemref') spine.push(attributes['idref'] ?? '');
  }
  return spine.map((id) => {
    const href = pathById.get(id);
    if (href === undefined) throw new Error(`the package document names no file for "${id}"`);
    return posix.join(posix.dirname(packagePath), decodeURIComponent(href));
  });
}

interface XmlElement {
  /** Without its name space prefix. */
  name: string;
  attributes: Record<string, string>;
}

function elementsOf(xml: string): XmlElement[] {
  const elements: XmlElement[] = [];
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        elements.push({ name: name.slice(name.indexOf(':') + 1), attributes });
      },
    },
    { xmlMode: true },
  );
  parser.end(xml);
  return elements;
}

function unzipText(bytes: Uint8Array, path: string): string {
  return new TextDecoder().decode(unzipEntry(bytes, path));
}

function unzipEntry(bytes: Uint8Array, path: string): Uint8Array {
  const entry = unzipSync(bytes, { filter: ({ name }) => name === path })[path];
  if (!entry) throw new Error(`the archive has no "${path}"`);
  return entry;
}

function decodeChapter(bytes: Uint8Array, path: string): AsyncIterable<string> {
  const encoding = detectHtmlEncoding(bytes);
  if (encoding === undefined) throw new Error(`"${path}" is no text; the book may be protected (DRM)`);
  return decodeText(only(bytes), normalizeEncoding(encoding));
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
