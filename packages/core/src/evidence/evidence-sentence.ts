/** The sentences that the evidence reader picks from, and what their paragraph says about them. */
import { cutLong } from '../reader/extractive-sentence.ts';
import { isSourceHeader } from '../section/source-header.ts';
import { splitSentences } from '../text/split-sentences.ts';
import { wordsIn } from '../text/words.ts';
import { hashTerm, type Lexicon, mixHash } from './term-hash.ts';

export interface EvidenceSentence {
  /** As it stands in the section, white space and all. */
  raw: string;
  /** Sections it stands in. */
  marks: readonly number[];
  /** Terms of its content words, in order. */
  terms: readonly number[];
  /** Which of them begin with a capital or a digit. */
  names: readonly number[];
  /** What its paragraph is about: the terms of its title, or the first name in it. */
  heading: readonly number[];
  /** Names of its paragraph's opening. */
  topic: readonly number[];
  /** Terms of the sentence before it in its paragraph. */
  before: readonly number[];
  /** Index in its paragraph. */
  place: number;
  /** Names its paragraph: sentences of one paragraph share it. */
  paragraph: number;
}

const none: readonly number[] = [];

/** Titles have at most so many terms; a topic is cut to so many. */
const titleTerms = 6;
const topicTerms = 16;

/** The sentences of a section's text, in order. */
export function evidenceSentences(text: string, mark: number, lexicon: Lexicon): EvidenceSentence[] {
  const sentences: EvidenceSentence[] = [];
  let paragraph = mixHash(mark, 3);
  let heading = none;
  let topic = none;
  let before = none;
  let place = 0;
  let open = true;
  for (const { start, end } of splitSentences(text)) {
    const source = text.slice(start, end);
    for (const raw of source.length > 600 ? cutLong(source) : [source]) {
      const { terms, names, opening } = termsIn(raw, lexicon);
      if (terms.length === 0) continue;
      if (open) {
        // Of several lines like titles the last one counts: a number may stand above the title.
        const isTitle = terms.length <= titleTerms && !endsSentence(raw);
        if (isTitle || heading.length === 0) heading = isTitle ? terms : opening;
        topic = [...new Set([...topic, ...(isTitle ? terms : names)])].slice(0, topicTerms);
        open = isTitle;
      }
      if (isSourceHeader(raw)) continue;
      sentences.push({ raw, marks: [mark], terms, names, heading, topic, before, place, paragraph });
      before = terms;
      place++;
    }
    if (endsParagraph(source)) {
      paragraph = mixHash(paragraph, 1);
      [heading, topic, before] = [none, none, none];
      place = 0;
      open = true;
    }
  }
  return sentences;
}

/** A sentence by itself, of a memory that is not the reader's own. */
export function loneSentence(raw: string, marks: readonly number[], lexicon: Lexicon): EvidenceSentence {
  const { terms, names, opening } = termsIn(raw, lexicon);
  const paragraph = hashTerm(raw);
  return { raw, marks, terms, names, heading: opening, topic: none, before: none, place: 0, paragraph };
}

/** Its text with every run of white space as one space. */
export function plainText({ raw }: EvidenceSentence): string {
  return raw.trim().replaceAll(/\s+/g, ' ');
}

/** Whether it ends like a sentence: titles, headings and list items do not. */
export function endsSentence(raw: string): boolean {
  return /[.!?。！？…]['"”’)\]]*\s*$/u.test(raw.slice(-12));
}

function endsParagraph(source: string): boolean {
  const tail = source.length - source.trimEnd().length;
  return tail > 1 && /\n[^\S\n]*\n/.test(source.slice(-tail));
}

/** Terms, names, and the first run of names among the first terms. */
function termsIn(
  text: string,
  lexicon: Lexicon,
): { terms: number[]; names: number[]; opening: readonly number[] } {
  const terms: number[] = [];
  const names: number[] = [];
  let opening = 0;
  let isOpen = true;
  for (const word of wordsIn(text)) {
    const found = lexicon(word);
    if (found.length === 0) continue;
    for (const term of found) terms.push(term);
    if (isName(word)) for (const term of found) names.push(term);
    else if (names.length > 0 || terms.length > 4) isOpen = false;
    if (isOpen) opening = names.length;
  }
  return { terms, names, opening: names.slice(0, opening) };
}

/** Whether a word begins with a capital or a digit. */
function isName(word: string): boolean {
  const first = word.charCodeAt(0);
  if (first < 128) return (first >= 65 && first <= 90) || (first >= 48 && first <= 57);
  return /^[\p{Lu}\p{Nd}]/u.test(word);
}
