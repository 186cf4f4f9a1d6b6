/**
 * Section marks in a text: `[12]`, `[3, 7]`, `[3-5]`, `[3][7]`. A mark belongs to the sentence that it stands
 * in or directly follows (`… at Borodino. [12]`), and opens the sentence after it only at the start of a line.
 */
import { splitSentences } from '../text/split-sentences.ts';

/** A sentence without its marks. */
export interface MarkedSentence {
  text: string;
  marks: SentenceMark[];
}

export interface SentenceMark {
  mark: number;
  /**
   * The part of the sentence that this mark vouches for: what stands between the mark before and this one, and
   * after the last mark. The whole sentence where it has one mark or one group of marks.
   */
  claim: string;
}

/** What is taken for a mark. */
export interface MarkOptions {
  /**
   * Number of sections in the run. A number that none of them has still is a mark, a wrong one; but one that
   * reads as a year (1000 to 2099) and has more digits than any section's number is a year: `in [1812]`.
   */
  sections?: number;
}

/** `[3-20]` is a range of sections up to this many; a wider one is something else. */
const widestRange = 20;

/** Square brackets with numbers alone: not `[sic]`, `[3a]`, `[0]`. No section has more than seven digits. */
const group = /\[\s?\d{1,7}(?:\s?[-–,;]\s?\d{1,7})*\s?\]/g;

/** All sentences of a text in order, each with the marks that it carries. */
export function parseMarkedSentences(text: string, options: MarkOptions = {}): MarkedSentence[] {
  const { plain, found } = takeMarks(text, options);
  const spans = splitSentences(plain).filter(({ start, end }) => plain.slice(start, end).trim() !== '');
  if (spans.length === 0 && found.length > 0) spans.push({ start: 0, end: plain.length });
  const owned = Map.groupBy(found, ({ at }) => ownerOf(at, spans, plain));
  return spans.map(({ start, end }, index) => {
    const places = [...Map.groupBy(owned.get(index) ?? [], ({ at }) => at)];
    const marks = places.flatMap(([at, groups], place) => {
      const from = place === 0 ? start : Math.max(start, places[place - 1]?.[0] ?? start);
      const to = place === places.length - 1 ? end : at;
      const claim = plain.slice(from, to).trim();
      return groups.flatMap((one) => one.marks.map((mark) => ({ mark, claim })));
    });
    return { text: plain.slice(start, end).trim(), marks };
  });
}

/** Marks and where they stood in the text without them. */
interface FoundMarks {
  at: number;
  marks: number[];
}

function takeMarks(text: string, options: MarkOptions): { plain: string; found: FoundMarks[] } {
  const found: FoundMarks[] = [];
  let plain = '';
  let position = 0;
  for (const { 0: brackets, index } of text.matchAll(group)) {
    const marks = marksIn(brackets, options);
    if (marks.length === 0) continue;
    plain += trimBlanks(text.slice(position, index));
    position = index + brackets.length;
    found.push({ at: plain.length, marks });
  }
  return { plain: plain + text.slice(position), found };
}

/** Without the blanks at its end; line ends stay. */
function trimBlanks(text: string): string {
  const trimmed = text.trimEnd();
  const lineEnd = text.lastIndexOf('\n');
  return lineEnd < trimmed.length ? trimmed : text.slice(0, lineEnd + 1);
}

/** A text without anything that reads as a section mark. */
export function removeMarks(text: string): string {
  return takeMarks(text, {}).plain;
}

/** The span that ends at or holds the place of a mark; the one after it where the line begins with the mark. */
function ownerOf(at: number, spans: readonly { start: number; end: number }[], plain: string): number {
  const lineStart = plain.lastIndexOf('\n', at - 1) + 1;
  const opensLine = plain.slice(lineStart, at).trim() === '';
  const written = opensLine ? at : plain.slice(0, at).trimEnd().length - 1;
  const owner = spans.findIndex(({ end }) => written < end);
  return owner === -1 ? spans.length - 1 : owner;
}

/** The numbers of one pair of brackets; none when they are not marks. */
function marksIn(brackets: string, { sections }: MarkOptions): number[] {
  const marks: number[] = [];
  for (const part of brackets.replaceAll(/[[\]\s]/g, '').split(/[,;]/)) {
    const [first = 0, last = first, ...rest] = part.split(/[-–]/).map(Number);
    if (rest.length > 0 || first < 1 || last < first || last - first >= widestRange) return [];
    for (let mark = first; mark <= last; mark++) marks.push(mark);
  }
  return marks.some((mark) => isYear(mark, sections)) ? [] : marks;
}

function isYear(mark: number, sections: number | undefined): boolean {
  return sections !== undefined && sections < 1000 && mark >= 1000 && mark < 2100;
}
