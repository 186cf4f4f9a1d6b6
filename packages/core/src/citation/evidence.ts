/** A text prepared to be searched for what bears out a sentence: done once, however many sentences cite it. */
import { numbersIn } from '../text/numbers-in.ts';
import { splitSentences, type Span } from '../text/split-sentences.ts';
import { eachWord, termsOf } from '../text/words.ts';

export interface Evidence {
  text: string;
  sentences: Span[];
  /** The sentences that a term or a number (see {@link asNumber}) stands in, by their index; one may be named twice. */
  placesOf(term: string): readonly number[];
}

/** Sentences by their index, for each thing that stands in them. */
type Places = Map<string, number[]>;

/**
 * Every word counts as evidence, stop words too: a name may be one. Making terms of words is the slow part, and most
 * sentences ask for few: only words that begin as a term does that was asked for are made into terms.
 */
export function prepareEvidence(text: string): Evidence {
  const sentences = splitSentences(text);
  const words = wordsByInitial(text, sentences);
  const places: Places = new Map();
  let numbers: Places | undefined;

  function makeTerms(initial: string): void {
    for (const [word, indexes] of words.get(initial) ?? []) {
      for (const term of termsOf(word)) places.set(term, indexes.concat(places.get(term) ?? []));
    }
    words.delete(initial);
  }

  return {
    text,
    sentences,
    placesOf(term) {
      if (term.startsWith(numberMark)) return (numbers ??= findNumbers(text, sentences)).get(term) ?? [];
      makeTerms(initialOf(term));
      makeTerms(otherInitial);
      return places.get(term) ?? [];
    },
  };
}

/** Stands for initials that a term may not share with its word: accents, digits, scripts without spaces. */
const otherInitial = '';

/** Endings are cut off a word, never its first letter. */
function initialOf(word: string): string {
  const initial = word.charAt(0).toLowerCase();
  return initial >= 'a' && initial <= 'z' ? initial : otherInitial;
}

function wordsByInitial(text: string, sentences: readonly Span[]): Map<string, Places> {
  const words = new Map<string, Places>();
  let sentence = 0;
  eachWord(text, (word, start) => {
    while (start >= (sentences[sentence]?.end ?? Infinity)) sentence++;
    const initial = initialOf(word);
    let places = words.get(initial);
    if (!places) words.set(initial, (places = new Map()));
    addPlace(places, word, sentence);
  });
  return words;
}

function findNumbers(text: string, sentences: readonly Span[]): Places {
  const places: Places = new Map();
  for (const [index, { start, end }] of sentences.entries()) {
    const sentence = text.slice(start, end);
    for (const number of numbersIn(sentence)) addPlace(places, asNumber(number), index);
    // Left out by `numbersIn`, but it does bear out a 1.
    if (/\bone\b/i.test(sentence)) addPlace(places, asNumber('1'), index);
  }
  return places;
}

function addPlace(places: Places, term: string, index: number): void {
  const known = places.get(term);
  if (known) known.push(index);
  else places.set(term, [index]);
}

const numberMark = '#';

/** Numbers have a space of their own, where `three`, `3` and `3rd` are one. */
export function asNumber(number: string): string {
  return numberMark + number;
}
