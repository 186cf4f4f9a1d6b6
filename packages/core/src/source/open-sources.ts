import { resolve } from 'node:path';
import { MemagentError } from '../errors.ts';
import { distinctNames } from './distinct-names.ts';
import { type ListedSource, listSources } from './list-sources.ts';
import { type ClosableSource, openOriginal } from './open-original.ts';
import { fileOriginal, type Original, spoolOriginal } from './original.ts';
import { sourceError } from './source-error.ts';
import type { OpenSource, SourceInput, SourceRecord } from './source.ts';
import { openSpool } from './spool.ts';
import { startSpool } from './start-spool.ts';
import { walkDirectory, type WalkedFile } from './walk-directory.ts';

/** What opening sources needs. */
export interface OpenSourcesOptions {
  /** The run's folder, made when it is asked for. */
  folder: () => Promise<string>;
  signal?: AbortSignal;
  /** Hears of each file of a directory that is left out because it cannot be read as text. */
  onSkip?: (name: string, reason: string) => void;
}

/**
 * Opens the sources of an input one after the other; each is to be read before the next is asked for. All streams
 * begin to flow to the run's folder at once. Given the records of an earlier input (`recordSources`), the same
 * sources are opened again, streams from what was kept of them.
 */
export async function* openSources(
  input: SourceInput | readonly SourceRecord[],
  { folder, signal: outer, onSkip = () => {} }: OpenSourcesOptions,
): AsyncGenerator<OpenSource> {
  const leaving = new AbortController();
  const signal = outer ? AbortSignal.any([outer, leaving.signal]) : leaving.signal;
  let index = 0;

  const open = async (original: Original): Promise<ClosableSource> => {
    const source = await openOriginal(original, { index, folder, signal });
    index++;
    return source;
  };

  // Damaged, binary and empty files of a directory are no reason not to read the others.
  const openOrSkip = async ({ path, name }: WalkedFile): Promise<ClosableSource | undefined> => {
    try {
      return await open(await fileOriginal({ kind: 'file', path }, name));
    } catch (error) {
      if (!(error instanceof MemagentError) || signal.aborted) throw error;
      onSkip(name, String(error.data['problem'] ?? error.message));
    }
  };

  async function* openAll(): AsyncGenerator<ClosableSource> {
    for (const source of await prepare(listSources(input), folder, signal)) {
      signal.throwIfAborted();
      if ('original' in source) {
        yield await open(await source.original);
        continue;
      }
      const firstIndex = index;
      const skip: typeof onSkip = (name, reason) => onSkip(source.prefix + name, reason);
      for await (const { path, name } of walkDirectory(source.directory, skip)) {
        const opened = await openOrSkip({ path, name: source.prefix + name });
        if (opened) yield opened;
      }
      if (index === firstIndex) throw nothingToRead(source.directory);
    }
  }

  try {
    for await (const source of openAll()) {
      try {
        yield source;
      } finally {
        await source.chunks.return?.();
      }
    }
  } finally {
    leaving.abort();
  }
}

type PreparedSource =
  | { original: Original | Promise<Original> }
  /** `prefix` stands before the names of its files. */
  | { directory: string; prefix: string };

/** Looks at everything that was listed before the first of it is read, and lets the streams flow. */
async function prepare(
  listed: readonly ListedSource[],
  folder: () => Promise<string>,
  signal: AbortSignal,
): Promise<PreparedSource[]> {
  const prepared: PreparedSource[] = [];
  const names = distinctNames(listed.flatMap(({ record }) => ('path' in record ? [record.path] : [])));
  for (const { record, stream, isWhole = false } of listed) {
    switch (record.kind) {
      case 'directory':
        prepared.push({
          directory: record.path,
          prefix: names.size > 1 ? `${names.get(record.path)}/` : '',
        });
        break;
      case 'file':
        prepared.push({ original: await fileOriginal(record, names.get(record.path)) });
        break;
      case 'spool': {
        const file = resolve(await folder(), record.file);
        if (!stream) {
          prepared.push({ original: spoolOriginal(record, await openSpool(file, record.name)) });
          break;
        }
        // A new spool is ready when its first bytes come; nobody waits for that before it is its turn. A text
        // that is there as a whole is kept as a whole first, so that a run can be resumed from its first moment.
        const original = startSpool(file, record.name, stream, signal, isWhole).then((spool) =>
          spoolOriginal(record, spool),
        );
        prepared.push({ original: isWhole ? await original : original });
        break;
      }
      default:
        record satisfies never;
    }
  }
  return prepared;
}

function nothingToRead(directory: string): MemagentError {
  return sourceError(
    'source-empty',
    directory,
    'no file in it can be read as text. Check the path, its .gitignore, and the files that were skipped.',
  );
}
