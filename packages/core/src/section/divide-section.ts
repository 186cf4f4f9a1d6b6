import { MemagentError } from '../errors.ts';
import { cutToTokens } from '../tokenizer/cut-to-tokens.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { PageStart } from '../source/source.ts';
import type { Section, SectionSpan } from './section.ts';

/**
 * The beginning of a section, at most so many tokens long, and the rest of it where there is one; both are called by
 * the section's number. Throws `window-too-small` if not even one character fits.
 */
export function divideSection(
  section: Section,
  maxTokens: number,
  tokenizer: Tokenizer,
): [first: Section, rest?: Section] {
  const { length } = section.text;
  const end = cutToTokens(section.text, maxTokens, tokenizer).length;
  if (end === length) return [section];
  if (end > 0)
    return [sliceSection(section, 0, end, tokenizer), sliceSection(section, end, length, tokenizer)];
  throw new MemagentError(
    `Section ${section.number} is read again, and ${maxTokens} tokens are left for it: too few for one character. Raise the window.`,
    { code: 'window-too-small', data: { section: section.number, maxTokens } },
  );
}

function sliceSection(
  { number, text, spans }: Section,
  from: number,
  to: number,
  tokenizer: Tokenizer,
): Section {
  const slice = text.slice(from, to);
  return {
    number,
    tokens: tokenizer.count(slice),
    text: slice,
    spans: spans.flatMap((span): SectionSpan[] => {
      const first = Math.max(from, span.textStart);
      const last = Math.min(to, span.textStart + span.end - span.start);
      if (last <= first) return [];
      const byteStart = span.byteStart + Buffer.byteLength(text.slice(span.textStart, first));
      const start = span.start + first - span.textStart;
      const end = start + last - first;
      const { pages, ...rest } = span;
      return [
        {
          ...rest,
          start,
          end,
          byteStart,
          byteEnd: byteStart + Buffer.byteLength(text.slice(first, last)),
          textStart: first - from,
          ...(pages ? { pages: pagesIn(pages, start, end) } : {}),
        },
      ];
    }),
  };
}

/** The page in force at `start`, and those that begin before `end`. */
function pagesIn(pages: readonly PageStart[], start: number, end: number): PageStart[] {
  return pages.filter((page, index) => page.start < end && (pages[index + 1]?.start ?? Infinity) > start);
}
