/** A stretch of a section's text that knows where in its sources it stands, whatever it is cut to. */
import type { Section } from '../section/section.ts';
import type { PageStart } from '../source/source.ts';

export interface Excerpt {
  text: string;
  /** The parts that come from sources, in order; what lies between them was put there for the reader. */
  stretches: readonly Stretch[];
}

/** UTF-16 offsets: `textStart` in the excerpt, `start` and `end` in the source. */
export interface Stretch {
  source: number;
  start: number;
  end: number;
  textStart: number;
  pages?: PageStart[];
}

export function excerptOf({ text, spans }: Section): Excerpt {
  return {
    text,
    stretches: spans.map(({ source, start, end, textStart, pages }) => ({
      source,
      start,
      end,
      textStart,
      ...(pages ? { pages } : {}),
    })),
  };
}

/** A part of an excerpt, by UTF-16 offsets in its text. */
export function sliceExcerpt({ text, stretches }: Excerpt, from: number, to = text.length): Excerpt {
  const kept = stretches.flatMap((stretch): Stretch[] => {
    const first = Math.max(from, stretch.textStart);
    const last = Math.min(to, stretch.textStart + stretch.end - stretch.start);
    if (last <= first) return [];
    const offset = stretch.start - stretch.textStart;
    return [{ ...stretch, start: offset + first, end: offset + last, textStart: first - from }];
  });
  return { text: text.slice(from, to), stretches: kept };
}

/** One excerpt after the other. Where the second goes on where the first ended, they become one stretch. */
export function joinExcerpts(first: Excerpt, second: Excerpt): Excerpt {
  const stretches = [...first.stretches];
  for (const stretch of second.stretches) {
    const moved = { ...stretch, textStart: stretch.textStart + first.text.length };
    const last = stretches.at(-1);
    const goesOn =
      last?.source === moved.source &&
      last.end === moved.start &&
      last.textStart + last.end - last.start === moved.textStart;
    if (!goesOn) stretches.push(moved);
    else {
      const pages = [...(last.pages ?? []), ...(moved.pages ?? [])];
      stretches[stretches.length - 1] = { ...last, end: moved.end, ...(pages.length > 0 ? { pages } : {}) };
    }
  }
  return { text: first.text + second.text, stretches };
}

/** The stretch that holds a whole span of the text; undefined when no single one does. */
export function stretchAt({ stretches }: Excerpt, span: { start: number; end: number }): Stretch | undefined {
  return stretches.find(
    ({ textStart, start, end }) => span.start >= textStart && span.end <= textStart + end - start,
  );
}
