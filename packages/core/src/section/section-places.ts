/**
 * Where each section of a run lies, so that a mark can be led back to its text: a long document has a million
 * sections, so each takes 32 bytes, outside of V8's heap. The stretches of a source follow each other from its
 * beginning without gaps (see `cutSections`), so their ends say all.
 */
import type { PageStart, SourceSpan } from '../source/source.ts';
import { createNumberList } from './number-list.ts';

export interface SectionPlaces {
  /** Adds the next section, of which these are the spans. */
  add(spans: readonly SourceSpan[]): void;
  /** The spans of section `number`, from 1; none if there is no such section. */
  spansOf(number: number): SourceSpan[];
}

/** Creates the places of a document that is yet to be read. */
export function createSectionPlaces(): SectionPlaces {
  const sources = createNumberList();
  const ends = createNumberList();
  const byteEnds = createNumberList();
  /** Of each section, where its spans end in the lists above. */
  const lasts = createNumberList();
  const pages = new Map<number, PageStart[]>();

  function spanAt(index: number): SourceSpan {
    const source = sources.at(index);
    const follows = index > 0 && sources.at(index - 1) === source;
    const pagesHere = pages.get(index);
    return {
      source,
      start: follows ? ends.at(index - 1) : 0,
      end: ends.at(index),
      byteStart: follows ? byteEnds.at(index - 1) : 0,
      byteEnd: byteEnds.at(index),
      ...(pagesHere && { pages: pagesHere }),
    };
  }

  return {
    add(spans) {
      for (const span of spans) {
        if (span.pages) pages.set(ends.length, span.pages);
        sources.push(span.source);
        ends.push(span.end);
        byteEnds.push(span.byteEnd);
      }
      lasts.push(ends.length);
    },
    spansOf(number) {
      if (number < 1 || number > lasts.length) return [];
      const first = number === 1 ? 0 : lasts.at(number - 2);
      return Array.from({ length: lasts.at(number - 1) - first }, (_, index) => spanAt(first + index));
    },
  };
}
