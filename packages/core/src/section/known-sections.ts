/**
 * The sections that a run cut in earlier sessions: enough to cut them again and to tell whether the document is
 * still the same. A long document has a million of them, so each takes some 60 bytes, outside of V8's heap.
 */
import type { SourceSpan } from '../source/source.ts';
import type { KnownSection } from './cut-sections.ts';
import { createNumberList } from './number-list.ts';
import { createSectionPlaces, type SectionPlaces } from './section-places.ts';

export interface KnownSections extends Iterable<KnownSection> {
  readonly length: number;
  /** Adds the next section; `hash` is its chained hash, in hexadecimal. */
  add(section: { tokens: number; spans: readonly SourceSpan[]; hash: string }): void;
  /** Whether section `number`, from 1, is among them and has this hash. */
  hasHash(number: number, hash: string): boolean;
}

/** Creates the list, empty. `places`: where sections are to be put as well, when somebody else needs them too. */
export function createKnownSections(places: SectionPlaces = createSectionPlaces()): KnownSections {
  const tokens = createNumberList();
  const hashes = createNumberList();

  return {
    get length() {
      return tokens.length;
    },
    add(section) {
      tokens.push(section.tokens);
      places.add(section.spans);
      for (const part of partsOf(section.hash)) hashes.push(part);
    },
    hasHash(number, hash) {
      if (number < 1 || number > tokens.length) return false;
      return partsOf(hash).every((part, index) => part === hashes.at((number - 1) * keptParts + index));
    },
    *[Symbol.iterator]() {
      for (let number = 1; number <= tokens.length; number += 1) {
        yield { tokens: tokens.at(number - 1), spans: places.spansOf(number) };
      }
    },
  };
}

/** Of a hash its first 96 bits are kept, in numbers of 48: more than chance ever makes equal. */
const keptParts = 2;
const partDigits = 12;

function partsOf(hash: string): number[] {
  return Array.from({ length: keptParts }, (_, index) =>
    Number.parseInt(hash.slice(index * partDigits, (index + 1) * partDigits), 16),
  );
}
