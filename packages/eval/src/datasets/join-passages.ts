/**
 * How the pieces of a document become one text: each with its title on a line of its own, a blank line between
 * two of them. Evidence is marked in the smallest piece that the source names (a turn, a sentence, a paragraph)
 * and moves along: `text.slice(start, end)` is always that piece.
 */
import type { EvidenceSpan } from '../item.ts';

/** A stretch of text and where the evidence lies in it, in UTF-16 offsets. */
export interface Passage {
  text: string;
  evidence: readonly EvidenceSpan[];
}

/** A passage that is evidence as a whole (but for the white space around it), or not at all. */
export function createPassage(text: string, isEvidence = false): Passage {
  const start = text.length - text.trimStart().length;
  return { text, evidence: isEvidence ? [{ start, end: start + text.trim().length }] : [] };
}

/**
 * The same text with part of its evidence, named by its place in the list. So the text of a document with many
 * questions is joined once, with every passage marked, and shared by its items.
 */
export function keepEvidence({ text, evidence }: Passage, kept: ReadonlySet<number>): Passage {
  return { text, evidence: evidence.filter((_, index) => kept.has(index)) };
}

/** The passages with the separator between them. */
export function joinPassages(passages: readonly Passage[], separator: string): Passage {
  let length = 0;
  const evidence: EvidenceSpan[] = [];
  for (const passage of passages) {
    evidence.push(
      ...passage.evidence.map(({ start, end }) => ({ start: start + length, end: end + length })),
    );
    length += passage.text.length + separator.length;
  }
  return { text: passages.map(({ text }) => text).join(separator), evidence };
}

/** A passage under its title; without a title, the passage. */
export function addTitle(title: string, passage: Passage): Passage {
  return title === '' ? passage : joinPassages([createPassage(title), passage], '\n');
}

/** Documents that are read as one text. */
export function joinDocuments(documents: readonly Passage[]): Passage {
  return joinPassages(documents, '\n\n');
}
