import { stripVTControlCharacters } from 'node:util';

/**
 * Text of a document or a model, safe for a terminal: without escape sequences and control characters, which
 * could move the cursor or forge output. Line breaks and tabs stay.
 */
export function plainText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, '');
}

/** The same on one line, runs of white space as one blank. */
export function oneLine(text: string): string {
  return plainText(text.replace(/\s+/g, ' ')).trim();
}

/** At most `length` characters, an ellipsis for the rest; never half of a surrogate pair. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, Math.max(0, length - 1)).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
