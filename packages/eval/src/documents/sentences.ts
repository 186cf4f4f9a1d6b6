import { splitSentences } from '@memagent/core';

/** Longer ones are cut, so that a text without sentences still gives units of filler, in UTF-16 units. */
const longest = 1_000;

/** The sentences of a text in order, each on one line with single spaces. */
export function sentencesOf(text: string): string[] {
  const line = text.replaceAll(/\s+/g, ' ');
  return splitSentences(line).flatMap(({ start, end }) => cut(line.slice(start, end).trim()));
}

/** Pieces of at most `longest`, cut at spaces where there are any. */
function cut(sentence: string): string[] {
  if (sentence === '') return [];
  if (sentence.length <= longest) return [sentence];
  const space = sentence.lastIndexOf(' ', longest);
  const end = space > 0 ? space : wholeCharacters(sentence, longest);
  return [sentence.slice(0, end), ...cut(sentence.slice(end).trim())];
}

/** `end`, or one before where it would cut a surrogate pair. */
function wholeCharacters(text: string, end: number): number {
  return /[\uD800-\uDBFF]/.test(text[end - 1] ?? '') ? end - 1 : end;
}
