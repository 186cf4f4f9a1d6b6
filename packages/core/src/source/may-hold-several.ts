import { listSources } from './list-sources.ts';
import type { SourceInput, SourceRecord } from './source.ts';

/** Whether an input may come to several sources, so that each should be announced by its name. */
export function mayHoldSeveral(input: SourceInput | readonly SourceRecord[]): boolean {
  const listed = listSources(input);
  return listed.length > 1 || listed[0]?.record.kind === 'directory';
}
