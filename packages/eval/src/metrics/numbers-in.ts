/**
 * Numbers of a text as values. Digits win over words: words are read only in a text without digits. Commas,
 * apostrophes and narrow blanks before three digits are thousands (`1,234`), a point is the decimal point, `%` and
 * units are not looked at, and digits inside a word (`A320`) belong to the word. Words go from zero to ninety-nine.
 */

const digits =
  /(?<![\p{L}\p{N}])[-−]?(?:(?:\d{1,3}(?:[,'’\u00a0\u2009\u202f]\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)/gu;

const units =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const words = new RegExp(
  `\\b(?:(${tens.join('|')})(?:[\\s-](${units.slice(1, 10).join('|')}))?|(${units.join('|')}))\\b`,
  'gi',
);

/** All numbers of a text in order. */
export function numbersIn(text: string): number[] {
  const written = [...text.matchAll(digits)].map(([match]) => parseDigits(match));
  if (written.length > 0) return written;
  return [...text.matchAll(words)].map(([, ten, one, unit]) => tensOf(ten) + unitsOf(one) + unitsOf(unit));
}

function parseDigits(match: string): number {
  return Number(match.replace('−', '-').replaceAll(/[^\d.-]/g, ''));
}

function tensOf(word: string | undefined): number {
  return word === undefined ? 0 : (tens.indexOf(word.toLowerCase()) + 2) * 10;
}

function unitsOf(word: string | undefined): number {
  return word === undefined ? 0 : units.indexOf(word.toLowerCase());
}
