/**
 * Text as Python's `str` methods see it, where a reference implementation leans on them. JavaScript's `\s`
 * differs: it has the byte order mark, and lacks the separators U+001C to U+001F and U+0085.
 */

// oxlint-disable-next-line no-control-regex -- Python takes these control characters for white space.
const whiteSpace = /[\p{White_Space}\u001c-\u001f]+/u;
// oxlint-disable-next-line no-control-regex -- as above
const outerWhiteSpace = /^[\p{White_Space}\u001c-\u001f]+|[\p{White_Space}\u001c-\u001f]+$/gu;

/** `text.split()`: the stretches between white space, none of them empty. */
export function splitWhiteSpace(text: string): string[] {
  return text.split(whiteSpace).filter((part) => part !== '');
}

/** `text.strip()`. */
export function stripWhiteSpace(text: string): string {
  return text.replaceAll(outerWhiteSpace, '');
}
