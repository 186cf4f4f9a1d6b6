import { createSpanReader, type RunStore, type SectionSpan, type SourceInfo } from '@memagent/core';
import { z } from 'zod';

export const sectionSchema = z
  .object({
    section: z.int(),
    tokens: z.int(),
    spans: z
      .array(
        z.object({
          source: z.string().meta({ description: 'Name of the document.' }),
          start: z.int().meta({ description: 'In UTF-16 units of its text, end exclusive.' }),
          end: z.int(),
          text: z.string().meta({ description: 'What stands in the document there.' }),
          pages: z.array(z.object({ page: z.int(), start: z.int() })).optional(),
        }),
      )
      .meta({ description: 'Where the text comes from, in its order.' }),
  })
  .meta({ id: 'Section' });

/**
 * What a section held that a run has read, taken from the document again; undefined for one that it has not. Throws
 * `source-changed` where the document is no longer what it was.
 */
export async function readSection(
  store: RunStore,
  runId: string,
  number: number,
): Promise<z.output<typeof sectionSchema> | undefined> {
  const sources: SourceInfo[] = [];
  let found: { tokens: number; spans: SectionSpan[] } | undefined;
  for await (const event of store.events(runId)) {
    if (event.type === 'source-start') sources[event.source.index] = event.source;
    if (event.type === 'section-start' && event.section === number) {
      found = event;
      break;
    }
  }
  if (found === undefined) return undefined;
  const reader = createSpanReader({ folder: () => store.folder(runId), sources });
  const spans = found.spans.map(async (span) => ({
    source: sources[span.source]?.name ?? '',
    start: span.start,
    end: span.end,
    text: await reader.read(span),
    ...(span.pages === undefined ? {} : { pages: span.pages }),
  }));
  return { section: number, tokens: found.tokens, spans: await Promise.all(spans) };
}
