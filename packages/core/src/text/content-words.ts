import { stopWords } from './stop-words.ts';
import { foldWord, termsOf, wordsIn } from './words.ts';

/** The terms of a text's words that carry content, in order, repetitions kept; numbers are among them. */
export function contentWords(text: string): string[] {
  return wordsIn(text)
    .filter((word) => !isStopWord(word))
    .flatMap(termsOf);
}

/** Whether a word carries no content. An acronym is never one: `US` is not `us`. */
export function isStopWord(word: string): boolean {
  if (word.length > 1 && word === word.toUpperCase() && /\p{Lu}/u.test(word)) return false;
  return stopWords.has(foldWord(word)) || stopWords.has(word.toLowerCase().replaceAll('’', "'"));
}
