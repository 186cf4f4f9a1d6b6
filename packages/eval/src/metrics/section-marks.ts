/**
 * Section marks in a text, `[12]`, `[3, 7]`, `[3-5]`: core's syntax, which core does not export. Numbers are not
 * checked against the run: asking for a section that was read makes a stray year or footnote harmless.
 */

const brackets = /\s?\[\s?\d{1,7}(?:\s?[-–,;]\s?\d{1,7})*\s?\]/g;

/** A range wider than this is no mark, in core too. */
const widestRange = 20;

/** The numbers of all sections that a text has marks of. */
export function sectionMarks(text: string): Set<number> {
  const marks = new Set<number>();
  for (const [group] of text.matchAll(brackets)) {
    for (const part of group.replaceAll(/[[\]\s]/g, '').split(/[,;]/)) {
      const [first = 0, last = first] = part.split(/[-–]/).map(Number);
      if (last - first >= widestRange) continue;
      for (let mark = first; mark <= last; mark += 1) marks.add(mark);
    }
  }
  return marks;
}

/** A text without its marks: `Kutuzov [3].` is `Kutuzov.` */
export function withoutSectionMarks(text: string): string {
  return text.replaceAll(brackets, (group) => (sectionMarks(group).size > 0 ? '' : group)).trim();
}
