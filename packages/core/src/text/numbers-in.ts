import { normalizeNumber } from './words.ts';

const number = /(?<![\p{L}\p{N}])\d+(?:[.,]\d+)*(?=(?:st|nd|rd|th|s)?(?![\p{L}\p{N}]))/gu;
const numeral = /\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b/gi;
const numerals = ['two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];

/**
 * The numbers of a text in one spelling: `1,234` and `1234`, `3.50` and `3.5`, `12th` and `twelve` are equal.
 * Digits first, then words (`two` to `twelve`; `one` is mostly a pronoun and is left out). Digits inside a
 * word (`A320`) belong to the word. Commas before three digits are thousands; other notations are not known.
 */
export function numbersIn(text: string): string[] {
  const digits = (text.normalize('NFKC').match(number) ?? []).map(normalizeNumber);
  const words = (text.match(numeral) ?? []).map((found) => String(numerals.indexOf(found.toLowerCase()) + 2));
  return [...digits, ...words];
}
