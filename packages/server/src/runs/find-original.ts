import { MemagentError, type RunRecord, type RunStore, type SourceInfo } from '@memagent/core';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';

export interface OriginalDocument {
  /** Absolute path. */
  path: string;
  bytes: number;
  filename: string;
}

/**
 * The file that a run read as its source `index`, as it came. Undefined where the run has no such source; throws
 * `source-changed` where the file is gone.
 */
export async function findOriginal(
  store: RunStore,
  run: RunRecord,
  index: number,
): Promise<OriginalDocument | undefined> {
  const info = await findSource(store, run.runId, index);
  if (info === undefined) return undefined;
  const path = info.path ?? (await spooledFile(store, run, info));
  if (path === undefined) return undefined;
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return { path, bytes: found.size, filename: info.name };
  throw new MemagentError(`The document ${info.name} is no longer where run ${run.runId} read it.`, {
    code: 'source-changed',
    data: { runId: run.runId, index },
  });
}

async function findSource(store: RunStore, runId: string, index: number): Promise<SourceInfo | undefined> {
  for await (const event of store.events(runId)) {
    if (event.type === 'source-start' && event.source.index === index) return event.source;
  }
  return undefined;
}

/** What came as a text or stream is kept in the run's folder. */
async function spooledFile(
  store: RunStore,
  run: RunRecord,
  { name }: SourceInfo,
): Promise<string | undefined> {
  const record = run.sources.find((source) => source.kind === 'spool' && source.name === name);
  return record?.kind === 'spool' ? resolve(await store.folder(run.runId), record.file) : undefined;
}
