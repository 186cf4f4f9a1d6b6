/** Leads the words that a model quotes for a record's fields back to their places in the sources. */
import { pageAt } from '../citation/cite-answer.ts';
import { createQuoteLocator } from '../citation/locate-quote.ts';
import type { Span } from '../text/split-sentences.ts';
import type { SourceInfo } from '../source/source.ts';
import { type Excerpt, stretchAt } from './excerpt.ts';
import { isAbsent } from './normalize-value.ts';
import type { ReplyEntry } from './record-schema.ts';
import type { FieldCitation, RecordFields, RecordMention } from './records.ts';

/**
 * Makes the function that cites the records of one excerpt, which are given in order. What stands before `from` was
 * searched already.
 */
export function createRecordCiter(
  excerpt: Excerpt,
  from: number,
  section: number,
  sources: readonly SourceInfo[],
): (fields: RecordFields, quotes: ReplyEntry['quotes']) => RecordMention {
  const locate = createQuoteLocator(excerpt.text);

  function cite(quote: string, place: Span | undefined): FieldCitation {
    const stretch = place && stretchAt(excerpt, place);
    if (!place || !stretch)
      return { quote, supported: false, source: '', page: null, start: 0, end: 0, section };
    const offset = stretch.start - stretch.textStart;
    return {
      quote,
      supported: true,
      source: sources.find(({ index }) => index === stretch.source)?.name ?? '',
      page: pageAt(place.start + offset, stretch),
      start: place.start + offset,
      end: place.end + offset,
      section,
    };
  }

  // Records come in the order of the text: of equally good places the first after the record before is meant.
  let last = from;

  return (fields, quotes) => {
    const present = Object.keys(fields).filter((field) => !isAbsent(fields[field]));
    const places = new Map(present.map((field) => [field, locate(quotes[field] ?? '')]));
    const anchor = findAnchor([...places.values()], last);
    if (anchor !== undefined) last = anchor + 1;
    const citations = present.map((field): [string, FieldCitation] => {
      const place = nearest(places.get(field) ?? [], anchor ?? 0);
      return [field, cite(quotes[field] ?? '', place)];
    });
    return { fields, citations: Object.fromEntries(citations) };
  };
}

/**
 * Short quotations stand in many places. The record is taken to stand where its longest one does and the others are
 * nearest; of several such places, the first from `last` on.
 */
function findAnchor(places: readonly (readonly Span[])[], last: number): number | undefined {
  const found = places.filter((spans) => spans.length > 0);
  const longest = found.toSorted((a, b) => lengthOf(b) - lengthOf(a))[0] ?? [];
  const candidates = longest.map(({ start }) => {
    const distances = found.map((spans) => Math.abs((nearest(spans, start)?.start ?? start) - start));
    return { start, cost: distances.reduce((sum, distance) => sum + distance, 0) };
  });
  const isBefore = (start: number): number => (start < last ? 1 : 0);
  return candidates.toSorted((a, b) => a.cost - b.cost || isBefore(a.start) - isBefore(b.start))[0]?.start;
}

function lengthOf([span]: readonly Span[]): number {
  return span === undefined ? 0 : span.end - span.start;
}

function nearest(spans: readonly Span[], to: number): Span | undefined {
  return spans.toSorted((a, b) => Math.abs(a.start - to) - Math.abs(b.start - to))[0];
}
