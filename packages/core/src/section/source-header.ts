/** Longest name in a header, in UTF-16 units; of longer ones the end is shown, which says most of a path. */
const longestName = 120;

/**
 * What stands before each header's name. It ends in a letter and the name begins with a space, so that the two
 * meet at a seam and a text with headers can be counted part by part.
 */
export const headerOpening = '--- from';

/** The rest of a header after its opening: the name and the end of the line. */
export function headerName(name: string): string {
  const line = name.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  return ` ${line.length > longestName ? `…${line.slice(1 - longestName).toWellFormed()}` : line} ---\n`;
}

/** Whether a sentence is such a line: it tells what the next ones are about, and is no part of the document. */
export function isSourceHeader(sentence: string): boolean {
  return sentence.startsWith(`${headerOpening} `);
}

/** The line that announces a source inside a section when there are several: `--- from notes/may.md ---`. */
export function sourceHeader(name: string): string {
  return headerOpening + headerName(name);
}
