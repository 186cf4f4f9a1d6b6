/** Where a text is best cut: at the end of a paragraph, else a sentence, else a line, else a word. */

/** Kinds of places, from the best. Each match ends where the text may be cut. */
const ends = {
  /** After a blank line, before the next paragraph's indentation. */
  paragraph: /\n(?:[^\S\n]*\n)+/g,
  /** After a full stop and its space, unless it ends a title or an initial, or a small letter follows. */
  sentence:
    /(?<!\b(?:Mr|Mrs|Ms|Dr|St|Prof|Gen|vs|\p{Lu}))[.!?…][\p{Pe}\p{Pf}"']*\s+(?=[^\s\p{Ll}])|[。！？][\p{Pe}\p{Pf}]*/gu,
  line: /\r\n|[\n\r\u2028\u2029]/g,
  word: /\s+/g,
};

/** A kind of place, see {@link naturalEnd}. */
export type EndKind = keyof typeof ends;

/** Matches may need to see this much of what follows, in UTF-16 units. */
const lookahead = 64;

/** The last place of one kind in `(from, to]`, or undefined. */
export function lastEnd(text: string, kind: EndKind, from: number, to: number): number | undefined {
  let last: number | undefined;
  for (const match of text.slice(from, to + lookahead).matchAll(ends[kind])) {
    const end = from + match.index + match[0].length;
    if (end > to) break;
    if (end > from) last = end;
  }
  return last;
}

/** `index`, or the place before it where it would cut a surrogate pair or a CR LF in two. */
export function wholeEnd(text: string, index: number): number {
  return isInsideCharacter(text, index) ? index - 1 : index;
}

function isInsideCharacter(text: string, index: number): boolean {
  const before = text.charCodeAt(index - 1);
  const after = text.charCodeAt(index);
  if (before === 0x0d) return after === 0x0a;
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}

/**
 * The best place in `(from, to]`, the last one of its kind; `to` itself (see {@link wholeEnd}) if there is none.
 * `breaks` are places that are as good as a paragraph's end.
 */
export function naturalEnd(text: string, from: number, to: number, breaks: readonly number[] = []): number {
  const hard = breaks.findLast((index) => index > from && index <= to) ?? 0;
  const paragraph = Math.max(hard, lastEnd(text, 'paragraph', from, to) ?? 0);
  return (
    paragraph ||
    (lastEnd(text, 'sentence', from, to) ??
      lastEnd(text, 'line', from, to) ??
      lastEnd(text, 'word', from, to) ??
      wholeEnd(text, to))
  );
}
