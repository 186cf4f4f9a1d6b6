/**
 * Sentences by the rules of Unicode (Intl.Segmenter), which know no abbreviations and end a sentence at every
 * line end. Mended here: `Mr. Smith`, `J. R. Smith` and `the U.S. Army` are not cut, and lines that were only
 * wrapped to a width are joined. A blank line, or a line that had room for the next word, ends a sentence.
 */
import { stopWords } from './stop-words.ts';

/** A stretch of a text in UTF-16 offsets, end exclusive. */
export interface Span {
  start: number;
  end: number;
}

/** Wrapped lines are told from titles, lists and verse only within these widths, in UTF-16 units. */
const wrapWidth = { least: 40, most: 130 };

/** Lines that stand for themselves: headings, rules, the names of sources, records of JSON lines, rows of tables. */
const ownLine = /^\s*(?:#|-{3}|={3}|[{}|])/;

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** Never ends a sentence. */
const title =
  /(?:^|[\s("“‘[—-])(?:Mr|Mrs|Ms|Messrs|Mme|Mlle|Dr|Prof|St|Ste|Gen|Col|Capt|Lt|Sgt|Adm|Gov|Rep|Rev|Hon|Mt|Ft|vs|v|cf|e\.g|i\.e|ca|approx)\.\s*$/;

/** Ends no sentence when a number follows. */
const numbered = /(?:^|[\s("“‘[—-])(?:No|Nos|Vol|Fig|Figs|Eq|Op|p|pp|Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.\s*$/;

/** May end a sentence: initials, acronyms, and what follows a company's or person's name. */
const initial = /(?:^|[\s("“‘[.—-])(?:\p{Lu}|Inc|Ltd|Co|Corp|Bros|Jr|Sr|etc|al)\.\s*$/u;

/** Splits a text into sentences, white space after each included: the spans join to the text. */
export function splitSentences(text: string): Span[] {
  const spans: Span[] = [];
  const joined = unwrapLines(text);
  let end = 0;
  let open = false; // Whether the next segment still belongs to the span before it.
  for (const { segment, index } of segmenter.segment(joined)) {
    end = index + segment.length;
    const last = spans.at(-1);
    const blank = segment.trim() === '';
    if (last && (open || blank)) last.end = end;
    else spans.push({ start: index, end });
    open = blank ? open || !last : isOpenEnd(segment, joined, end);
  }
  return spans;
}

/** Whether a segment ends in an abbreviation rather than in a sentence's end. */
function isOpenEnd(segment: string, text: string, end: number): boolean {
  if (/[\r\n\u2029]\s*$/.test(segment)) return false;
  const tail = segment.slice(-16);
  if (title.test(tail)) return true;
  if (numbered.test(tail)) return /^\d/.test(text.slice(end, end + 1));
  if (!initial.test(tail)) return false;
  const next = /^[\p{L}'’]+/u.exec(text.slice(end, end + 24))?.[0];
  return next !== undefined && !stopWords.has(next.toLowerCase());
}

/** Replaces each line end that only wraps a paragraph by as many spaces, so that offsets stay. */
function unwrapLines(text: string): string {
  const blocks = text.split(/(\n[^\S\n]*\n\s*)/);
  return blocks.map((block) => (block.includes('\n') ? unwrapBlock(block) : block)).join('');
}

/**
 * A line was wrapped if the next one goes on in lower case, or begins with a word that would not have fitted
 * within the longest line.
 */
function unwrapBlock(block: string): string {
  const lines = block.split('\n');
  const width = lines.reduce((most, line) => Math.max(most, line.trimEnd().length), 0);
  if (width < wrapWidth.least || width > wrapWidth.most) return block;
  const last = lines.length - 1;
  return lines
    .map((line, index) => {
      const next = /^\s*(\S+)/.exec(lines[index + 1] ?? '')?.[1];
      const wrapped =
        next !== undefined &&
        line.trim() !== '' &&
        !ownLine.test(line) &&
        !ownLine.test(next) &&
        (/^\p{Ll}/u.test(next) || line.trimEnd().length + 1 + next.length > width);
      if (wrapped) return `${line.replace(/\r$/, ' ')} `;
      return index < last ? `${line}\n` : line;
    })
    .join('');
}
