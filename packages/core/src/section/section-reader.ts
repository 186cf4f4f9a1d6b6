import { createSpanReader } from '../source/span-reader.ts';
import type { SourceInfo } from '../source/source.ts';
import type { SectionPlaces } from './section-places.ts';
import type { Section } from './section.ts';

/** Reads sections of a run again, by their spans, without what was put between them for the reader. */
export interface SectionReader {
  /** Section `number`, from 1; its `tokens` are not counted again (0). */
  read(number: number): Promise<Section>;
}

export function createSectionReader({
  folder,
  sources,
  places,
}: {
  /** The run's folder. */
  folder: () => Promise<string>;
  sources: readonly SourceInfo[];
  places: SectionPlaces;
}): SectionReader {
  const spanReader = createSpanReader({ folder, sources });
  return {
    async read(number) {
      const section: Section = { number, tokens: 0, text: '', spans: [] };
      for (const span of places.spansOf(number)) {
        section.spans.push({ ...span, textStart: section.text.length });
        section.text += await spanReader.read(span);
      }
      return section;
    },
  };
}
