/** What a memory is made of: lines, and within them sentences, each with the section marks that it carries. */

export interface Sentence {
  /** As it stands in the memory, white space around left out. */
  text: string;
  /** Sections that its marks name, in their order. */
  marks: number[];
  /** The same for sentences that differ in marks and white space alone. */
  key: string;
}

/** Square brackets with section numbers alone: `[12]`, `[3, 7]`, `[3-5]`. */
const markGroup = /\[\s?\d{1,7}(?:\s?[-–,;]\s?\d{1,7})*\s?\]/g;

/** Between two sentences: their end, which marks may follow, but neither a title (`Mr.`) nor an initial (`J.`). */
const sentenceEnd =
  /\n+|(?<=[.!?…。！？؟][”’"'»)]?(?:\s?\[[\d\s,;–-]+\])*)(?<!(?:^|[\s(“"‘'—-])(?:Mr|Mrs|Ms|Mme|Mlle|Messrs|Dr|Prof|St|Gen|Col|Capt|Lt|Sgt|Rev|Hon|[A-HJ-Z])\.)\s+(?=[^\s[])/u;

/** The sentences of a memory, in order. A mark belongs to the sentence before it. */
export function splitMemory(memory: string): Sentence[] {
  return memory
    .split(sentenceEnd)
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => ({ text, marks: marksIn(text), key: removeMarks(text) }));
}

/** Section numbers in the marks of a text; ranges are named by their ends. */
export function marksIn(text: string): number[] {
  const numbers = (text.match(markGroup) ?? []).flatMap((group) => group.match(/\d+/g) ?? []);
  return [...new Set(numbers.map(Number))];
}

/** A text without its marks, and with single spaces. */
export function removeMarks(text: string): string {
  return text.replace(markGroup, ' ').replace(/\s+/g, ' ').trim();
}

/** A piece of a text: words, or marks. */
export type MarkedPiece = { kind: 'text'; text: string } | { kind: 'mark'; text: string; marks: number[] };

/** Cuts a text at its marks. The texts of all pieces join to it. */
export function splitAtMarks(text: string): MarkedPiece[] {
  const pieces: MarkedPiece[] = [];
  let position = 0;
  for (const { 0: group, index } of text.matchAll(markGroup)) {
    if (index > position) pieces.push({ kind: 'text', text: text.slice(position, index) });
    pieces.push({ kind: 'mark', text: group, marks: marksIn(group) });
    position = index + group.length;
  }
  if (position < text.length) pieces.push({ kind: 'text', text: text.slice(position) });
  return pieces;
}
