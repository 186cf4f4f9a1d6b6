/** A document is read again when its run is resumed, and by strategies of two passes: it must still be the same. */
import { MemagentError } from '../errors.ts';
import type { OpenSource, SourceInfo } from '../source/source.ts';

/**
 * What was read is compared by hash; text that was added or taken away behind it is noticed by the size. A source
 * that was given as a stream has none.
 */
export function requireSameSize(before: SourceInfo | undefined, now: SourceInfo): void {
  if (before?.bytes === undefined || now.bytes === undefined || before.bytes === now.bytes) return;
  throw new MemagentError(
    `The document changed since this run read it: ${now.path ?? now.name} had ${before.bytes} bytes and has ${now.bytes}. Restore it, or start a new run.`,
    { code: 'source-changed', data: { source: now.name, before: before.bytes, now: now.bytes } },
  );
}

/** Sources that are opened once more: one that has another size than before is not read at all. */
export async function* requireSameSizes(
  sources: AsyncIterable<OpenSource>,
  before: readonly SourceInfo[],
): AsyncGenerator<OpenSource> {
  for await (const source of sources) {
    requireSameSize(before[source.info.index], source.info);
    yield source;
  }
}

/** The error of a section whose text is not what it was. */
export function sourceChanged(section: number, sources: readonly SourceInfo[]): MemagentError {
  const names = sources.map((source) => source.path ?? source.name).join(', ');
  return new MemagentError(
    `The document changed since this run read it: section ${section} of ${names} is not what it was. Restore the document, or start a new run.`,
    { code: 'source-changed', data: { section } },
  );
}
