import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSources, type OpenSourcesOptions } from './open-sources.ts';
import type { SourceInfo, SourceInput, SourceRecord, TextChunk } from './source.ts';

/** A source read to its end. For tests. */
export interface ReadSource {
  info: SourceInfo;
  text: string;
  chunks: TextChunk[];
}

/** Opens and reads all sources of an input. For tests. */
export async function readAllSources(
  input: SourceInput | readonly SourceRecord[],
  folder: string,
  options: Omit<OpenSourcesOptions, 'folder'> = {},
): Promise<ReadSource[]> {
  const read: ReadSource[] = [];
  for await (const { info, chunks } of openSources(input, { ...options, folder: async () => folder })) {
    const taken: TextChunk[] = [];
    for await (const chunk of chunks) taken.push(chunk);
    read.push({ info, chunks: taken, text: taken.map(({ text }) => text).join('') });
  }
  return read;
}

/** A folder of a test's own that is removed when it goes out of scope. */
export async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'memagent-source-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
