/**
 * What the extractive reader weighs: sentences, each with the section it stands in and the topic of its
 * paragraph, which tells what `she` and `the film` are.
 */
import { isSourceHeader } from '../section/source-header.ts';
import { splitSentences } from '../text/split-sentences.ts';
import type { Terms } from '../text/term-cache.ts';
import { wordsIn } from '../text/words.ts';

export interface Sentence {
  /** As it stands in the section, but with every run of white space as one space. */
  text: string;
  /** Sections it stands in; none for a memory without marks. */
  marks: readonly number[];
  /** Terms of its content words, in order. */
  terms: readonly string[];
  /** Which of them begin with a capital or a digit. */
  names: readonly string[];
  /** Terms that say what its paragraph is about. */
  topic: readonly string[];
  /** Terms of the sentence before it in its paragraph. */
  before: readonly string[];
}

/** Most UTF-16 units of one candidate; longer sentences are cut at a clause's or word's end. */
const longest = 600;

/** Most terms that are kept of a topic. */
const topicTerms = 16;

/** The topic stands in the first sentence of a paragraph, or in two when the first is as short as a title. */
const openingSentences = 2;
const titleTerms = 6;

/** The sentences of a text, in order. */
export function sentencesOf(text: string, mark: number, terms: Terms): Sentence[] {
  const sentences: Sentence[] = [];
  let topic: readonly string[] = [];
  let before: readonly string[] = [];
  let opening = openingSentences;
  for (const span of splitSentences(text)) {
    const source = text.slice(span.start, span.end);
    const isEnd = /\n[^\S\n]*\n/.test(source);
    for (const piece of cutLong(source)) {
      const found = termsIn(piece, terms);
      if (found.terms.length === 0) continue;
      if (opening > 0) {
        topic = [...new Set([...topic, ...found.names])].slice(0, topicTerms);
        opening = found.terms.length > titleTerms ? 0 : opening - 1;
      }
      if (isSourceHeader(piece)) continue;
      sentences.push({ text: piece.trim().replaceAll(/\s+/g, ' '), marks: [mark], ...found, topic, before });
      before = found.terms;
    }
    if (isEnd) {
      topic = [];
      before = [];
      opening = openingSentences;
    }
  }
  return sentences;
}

/** The terms of a text's content words, and which of them begin with a capital or a digit. */
export function termsIn(text: string, terms: Terms): { terms: string[]; names: string[] } {
  // No array literals that are filled: V8 comes to take them for long-lived, since the sentences of the section at
  // hand outlast every small collection, and then only a full one finds those of all sections before.
  const words = wordsIn(text);
  return { terms: words.flatMap(terms), names: words.filter(isName).flatMap(terms) };
}

function isName(word: string): boolean {
  return /^[\p{Lu}\p{Nd}]/u.test(word);
}

/** Cuts what is too long for a candidate; the pieces join to the text. */
export function cutLong(text: string): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > longest) {
    const end = cutEnd(rest.slice(0, longest));
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...pieces, rest];
}

/** Where to cut: after the last clause or word in the second half, else at the end, but in no surrogate pair. */
function cutEnd(head: string): number {
  const ends = [/^[^]*[;:,—]\s/, /^[^]*\s/].map((pattern) => pattern.exec(head)?.[0].length ?? 0);
  return ends.find((end) => end > longest / 2) ?? (/[\uD800-\uDBFF]$/.test(head) ? longest - 1 : longest);
}
