/**
 * Flattens what a caller gave into the records that a run keeps, each with its stream where it has one. The
 * order decides the names of the spools, so the same input always gives the same records.
 */
import { createReadStream, type Stats, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MemagentError } from '../errors.ts';
import { fileAsFolder, folderAsFile, unreadable } from './source-error.ts';
import type { SourceInput, SourceRecord, SourceStream } from './source.ts';

/** One source that a caller named: a file, a directory, or a stream with the spool that it goes to. */
export interface ListedSource {
  record: SourceRecord;
  /** Starts the stream that fills the spool; absent when the spool was filled by an earlier process. */
  stream?: () => SourceStream;
  /** Whether all of the stream is there at once: then all of it is kept before any of it is read. */
  isWhole?: boolean;
}

/** What a run keeps so that another process can open the same sources again, see `openSources`. */
export function recordSources(input: SourceInput | readonly SourceRecord[]): SourceRecord[] {
  return listSources(input).map(({ record }) => record);
}

/** Lists the sources of an input, or of the records of an earlier one, in order. */
export function listSources(input: SourceInput | readonly SourceRecord[]): ListedSource[] {
  const listed: ListedSource[] = [];
  addSource(input, listed);
  if (listed.length > 0) return listed;
  throw new MemagentError('Cannot read: the list of sources is empty. Give at least one source.', {
    code: 'invalid-option',
  });
}

function addSource(
  input: SourceInput | SourceRecord | readonly SourceRecord[],
  listed: ListedSource[],
): void {
  const addSpool = (stream: () => SourceStream, rest: SpoolDetails, isWhole = false): void => {
    listed.push({ record: { kind: 'spool', file: `spool/${listed.length}`, ...rest }, stream, isWhole });
  };
  if (typeof input === 'string') addSpool(() => slices(input), { name: 'text' }, true);
  else if (isArray(input)) for (const item of input) addSource(item, listed);
  else if (input instanceof Uint8Array) addSpool(() => only(input), { name: 'bytes' }, true);
  else if (input instanceof URL) addSource({ file: pathOf(input) }, listed);
  else if (isStream(input)) addSpool(() => input, { name: 'stream' });
  else if (!isObject(input)) throw notASource(input);
  else if ('kind' in input) listed.push({ record: input });
  else if ('text' in input) addSpool(() => slices(input.text), { name: input.name ?? 'text' }, true);
  else if ('directory' in input) {
    if (!statOf(input.directory).isDirectory()) throw fileAsFolder(input.directory);
    listed.push({ record: { kind: 'directory', path: resolve(input.directory) } });
  } else if ('stream' in input) {
    const { stream, name = 'stream', ...rest } = input;
    addSpool(() => stream, { name, ...rest });
  } else if ('file' in input) {
    const { file, ...rest } = input;
    const stats = statOf(file);
    if (stats.isDirectory()) throw folderAsFile(file);
    // A pipe such as a shell's `<(command)` gives its bytes once, so it is a stream.
    if (stats.isFIFO() || stats.isCharacterDevice()) {
      addSpool(() => createReadStream(file), { name: basename(file), ...rest });
    } else listed.push({ record: { kind: 'file', path: resolve(file), ...rest } });
  } else throw notASource(input);
}

type SpoolDetails = Omit<Extract<SourceRecord, { kind: 'spool' }>, 'kind' | 'file'>;

function isArray(input: unknown): input is readonly (SourceInput | SourceRecord)[] {
  return Array.isArray(input);
}

function isObject(input: unknown): input is object {
  return typeof input === 'object' && input !== null;
}

function isStream(input: unknown): input is SourceStream {
  return isObject(input) && (Symbol.asyncIterator in input || 'getReader' in input);
}

/** Looks at a path already when sources are listed, so that a wrong one is noticed before a run is made. */
function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function pathOf(url: URL): string {
  if (url.protocol === 'file:') return fileURLToPath(url);
  throw new MemagentError(
    `Cannot read ${url.href}: only file: URLs are opened. Download it first, or give the body of its response as a stream.`,
    { code: 'invalid-option', data: { url: url.href } },
  );
}

function notASource(input: unknown): MemagentError {
  const received = isObject(input)
    ? `an object with the keys ${Object.keys(input).join(', ')}`
    : String(input);
  return new MemagentError(
    `Cannot read: ${received} is not a source. Give a string of text, { file }, { directory }, bytes, a stream, or a list of these.`,
    { code: 'invalid-option' },
  );
}

/** A text in pieces, so that a large one is not encoded in one go. */
async function* slices(text: string): AsyncGenerator<string> {
  const size = 1 << 16;
  for (let start = 0; start < text.length; start += size) yield text.slice(start, start + size);
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
