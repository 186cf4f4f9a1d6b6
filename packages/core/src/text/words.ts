/**
 * Words and terms: the one way in which text is cut and compared here. A *word* is what stands in the text; a
 * *term* is what two spellings of it share (case, width, accents, endings), so that `Kutúzov’s` meets
 * `Kutuzov`. Scripts written without spaces give pairs of characters. Endings are those of English.
 */
import { stemmer } from 'stemmer';

const wordPattern = /\d+(?:[.,]\d+)+|(?:\p{Lu}\.){2,}|[\p{L}\p{M}\p{N}]+(?:['’]\p{L}+)*/gu;
const spaceless = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** The words of a text in order, as they stand there: `U.S.` and `1,234` are one word each. */
export function wordsIn(text: string): string[] {
  return text.match(wordPattern) ?? [];
}

/** Calls `use` with each word of a text and where it starts, in order. */
export function eachWord(text: string, use: (word: string, start: number) => void): void {
  const pattern = new RegExp(wordPattern);
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) use(found[0], found.index);
}

/** A word in lower case without accents, possessive, dots of an acronym or thousands separators. */
export function foldWord(word: string): string {
  if (isSmall(word)) return word;
  const plain = isAscii(word)
    ? word.toLowerCase()
    : word
        .normalize('NFKD')
        .replaceAll(/\p{Mn}/gu, dropAccent)
        .normalize('NFKC')
        .toLowerCase()
        .replaceAll('’', "'");
  if (/^\d/.test(plain)) return normalizeNumber(plain);
  return plain.replace(/'s$/, '').replaceAll('.', '');
}

/** `1,234` is 1234, `3.50` is 3.5, `007` is 7; what is not a number stays as it is. */
export function normalizeNumber(text: string): string {
  const digits = text.replaceAll(/,(?=\d{3}(?!\d))/g, '');
  return /^\d{1,15}(\.\d{1,15})?$/.test(digits) ? String(Number(digits)) : digits;
}

/** The terms of a word: its folded stem, or pairs of characters where words are not set apart by spaces. */
export function termsOf(word: string): string[] {
  const folded = foldWord(word);
  if (isSmall(folded) || isAscii(folded) || !spaceless.test(folded)) return [stemmer(folded)];
  const characters = Array.from(folded);
  if (characters.length < 3) return [folded];
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`);
}

/** Most words are small letters of ASCII alone. */
function isSmall(text: string): boolean {
  return /^[a-z]+$/.test(text);
}

function isAscii(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- the range is ASCII itself
  return !/[^\u0000-\u007f]/.test(text);
}

/** Accents of Latin, Greek and Cyrillic are spelling; marks of other scripts are letters. */
function dropAccent(mark: string): string {
  return mark >= '\u0300' && mark <= '\u036f' ? '' : mark;
}
