import { parseMarkedSentences } from '@memagent/core';

/**
 * The numbers of all sections that a text has marks of. They are not checked against the run: asking for a
 * section that was read makes a stray year or footnote harmless.
 */
export function sectionMarks(text: string): Set<number> {
  return new Set(parseMarkedSentences(text).flatMap(({ marks }) => marks.map(({ mark }) => mark)));
}
