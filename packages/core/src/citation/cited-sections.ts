/** Sections that answers cite, each read again and prepared once, however many sentences cite it. */
import type { Section, SectionSpan } from '../section/section.ts';
import { type Evidence, prepareEvidence } from './evidence.ts';
import { parseMarks } from './parse-marks.ts';

/** A section that was read again; each stretch that lies in one source is searched by itself. */
export interface CitedSection {
  text: string;
  stretches: { span: SectionSpan; evidence: Evidence }[];
}

export interface CitedSections {
  /** A section of the run by its 1-based number. */
  get(number: number): Promise<CitedSection>;
  /** Begins to prepare what a memory cites: an answer from it mostly cites the same. */
  expect(memory: string, sections: number): void;
}

/** So many sections are prepared for an answer that is yet to come. */
const mostExpected = 8;

export function createCitedSections(read: (number: number) => Promise<Section>): CitedSections {
  const known = new Map<number, Promise<CitedSection>>();

  function get(number: number): Promise<CitedSection> {
    let section = known.get(number);
    if (!section) known.set(number, (section = read(number).then(prepareSection)));
    return section;
  }

  return {
    get,
    expect(memory, sections) {
      const marks = new Set(parseMarks(memory, { sections }).map(({ mark }) => mark));
      for (const mark of [...marks].filter((number) => number <= sections).slice(0, mostExpected)) {
        get(mark).catch(() => {}); // Whoever cites it gets the error.
      }
    },
  };
}

function prepareSection({ text, spans }: Section): CitedSection {
  const stretches = spans.map((span) => ({
    span,
    evidence: prepareEvidence(text.slice(span.textStart, span.textStart + span.end - span.start)),
  }));
  return { text, stretches };
}
