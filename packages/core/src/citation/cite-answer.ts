/** Leads the marks of an answer back to the places in the document that they stand for. */
import type { SectionSpan } from '../section/section.ts';
import type { SourceInfo } from '../source/source.ts';
import { contentWords } from '../text/content-words.ts';
import type { Citation } from './citation.ts';
import type { CitedSection, CitedSections } from './cited-sections.ts';
import { parseMarks, type ParsedMark } from './parse-marks.ts';
import { supported } from './supported.ts';
import { traceAnswer } from './trace-answer.ts';

export interface CiteAnswerInput {
  answer: string;
  question: string;
  /** The final memory; its marks stand in for those that an answer leaves out. */
  memory: string;
  /** Number of sections in the run. */
  sections: number;
  cited: Pick<CitedSections, 'get'>;
  /** The run's sources; `SourceSpan.source` is an index into them. */
  sources: readonly SourceInfo[];
}

/**
 * One citation for each mark of each sentence, in the answer's order. A mark to a section that does not exist,
 * or that does not support what it stands beside, is reported with `supported: false`. An answer without any
 * mark is traced through the memory; it has no citations if nothing there bears it out.
 */
export async function citeAnswer(input: CiteAnswerInput): Promise<Citation[]> {
  const marks = parseMarks(input.answer, input);
  return citeMarks(marks.length > 0 ? marks : traceAnswer(input), input);
}

/** One citation for each mark; `field` is where it stands in a structured answer. */
export async function citeMarks(
  marks: readonly (ParsedMark & Pick<Citation, 'field'>)[],
  input: Omit<CiteAnswerInput, 'answer' | 'memory'>,
): Promise<Citation[]> {
  const asked = new Set(contentWords(input.question));
  const citations: Citation[] = [];
  for (const { field, ...mark } of marks) {
    const { mark: number } = mark;
    const section = number <= input.sections ? await input.cited.get(number) : undefined;
    const citation = citeMark(mark, section, asked, input.sources);
    citations.push(field === undefined ? citation : { ...citation, field });
  }
  return citations;
}

/** `section` is undefined for a mark to none. */
function citeMark(
  { mark, sentence, claim }: ParsedMark,
  section: CitedSection | undefined,
  asked: ReadonlySet<string>,
  sources: readonly SourceInfo[],
): Citation {
  const place = section && findPlace(claim, section, asked);
  if (!place) return { mark, source: '', page: null, start: 0, end: 0, text: '', supported: false, sentence };
  const { span, start, end } = place;
  const offset = span.start - span.textStart;
  return {
    mark,
    source: sources.find(({ index }) => index === span.source)?.name ?? '',
    page: pageAt(start + offset, span),
    start: start + offset,
    end: end + offset,
    text: section.text.slice(start, end),
    supported: place.supported,
    sentence,
  };
}

/** The page on which a character of the source stands; null where it has none. */
export function pageAt(offset: number, { pages }: Pick<SectionSpan, 'pages'>): number | null {
  return pages?.findLast((begin) => begin.start <= offset)?.page ?? pages?.[0]?.page ?? null;
}

interface Place {
  span: SectionSpan;
  /** UTF-16 offsets in the section's text. */
  start: number;
  end: number;
  supported: boolean;
}

/** The best place in the section. */
function findPlace(
  claim: string,
  { stretches }: CitedSection,
  asked: ReadonlySet<string>,
): Place | undefined {
  const places = stretches.map(({ span, evidence }) => {
    const found = supported(claim, evidence, asked);
    return { ...found, span, start: span.textStart + found.start, end: span.textStart + found.end };
  });
  // The order of `sort` is stable: of equally good places the first stands.
  return places.toSorted((a, b) => Number(b.supported) - Number(a.supported) || b.score - a.score)[0];
}
