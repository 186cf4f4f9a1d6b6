/** Leads the marks of an answer back to the places in the document that they stand for. */
import type { Section, SectionSpan } from '../section/section.ts';
import type { SourceInfo } from '../source/source.ts';
import type { Citation } from './citation.ts';
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
  /** Reads a section again, by its 1-based number. */
  readSection(number: number): Promise<Section>;
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
  const citations: Citation[] = [];
  for (const mark of marks.length > 0 ? marks : traceAnswer(input))
    citations.push(await citeMark(mark, input));
  return citations;
}

async function citeMark({ mark, sentence, claim }: ParsedMark, input: CiteAnswerInput): Promise<Citation> {
  const nowhere = { mark, source: '', start: 0, end: 0, text: '', supported: false, sentence };
  if (mark > input.sections) return nowhere;
  const section = await input.readSection(mark);
  const place = findPlace(claim, section, input.question);
  if (!place) return nowhere;
  const { span, start, end } = place;
  const offset = span.start - span.textStart;
  const page = span.pages?.findLast((begin) => begin.start <= start + offset)?.page ?? span.pages?.[0]?.page;
  return {
    mark,
    source: input.sources.find(({ index }) => index === span.source)?.name ?? '',
    ...(page !== undefined && { page }),
    start: start + offset,
    end: end + offset,
    text: section.text.slice(start, end),
    supported: place.supported,
    sentence,
  };
}

interface Place {
  span: SectionSpan;
  /** UTF-16 offsets in the section's text. */
  start: number;
  end: number;
  supported: boolean;
}

/** The best place in the section. It lies in one source: each stretch of the section is searched by itself. */
function findPlace(claim: string, { text, spans }: Section, question: string): Place | undefined {
  const places = spans.map((span) => {
    const stretch = text.slice(span.textStart, span.textStart + span.end - span.start);
    const found = supported(claim, stretch, question);
    return { ...found, span, start: span.textStart + found.start, end: span.textStart + found.end };
  });
  // The order of `sort` is stable: of equally good places the first stands.
  return places.toSorted((a, b) => Number(b.supported) - Number(a.supported) || b.score - a.score)[0];
}
