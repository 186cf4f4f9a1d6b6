import { splitWhiteSpace } from './python-text.ts';

/** Python's `string.punctuation`; other marks, such as “ or —, stay, as they do in the reference. */
const punctuation = /[!-/:-@[-`{-~]/g;

/** Python's `\b` and `\w` know Unicode; JavaScript's do not. */
const article = /(?<![\p{L}\p{N}_])(?:an?|the)(?![\p{L}\p{N}_])/gu;

/**
 * SQuAD's normalisation of answers, in its order: lower case, ASCII punctuation removed (so `1,234` is `1234`
 * and `U.S.` is `us`), English articles removed, white space made one blank. An answer of articles alone is ''.
 */
export function normalizeAnswer(text: string): string {
  return answerTokens(text).join(' ');
}

/** The words of a normalised answer. */
export function answerTokens(text: string): string[] {
  return splitWhiteSpace(text.toLowerCase().replaceAll(punctuation, '').replaceAll(article, ' '));
}
