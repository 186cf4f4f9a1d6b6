/** A text prepared to be searched for what bears out a sentence: done once, however many sentences cite it. */
import { numbersIn } from '../text/numbers-in.ts';
import { splitSentences, type Span } from '../text/split-sentences.ts';
import { termsOf, wordsIn } from '../text/words.ts';

export interface Evidence {
  text: string;
  sentences: Span[];
  /** For each term and each number, the sentences that it stands in, by their index; one may be named twice. */
  places: ReadonlyMap<string, readonly number[]>;
}

/** Every word counts as evidence, stop words too: a name may be one. */
export function prepareEvidence(text: string): Evidence {
  const sentences = splitSentences(text);
  const words = new Map<string, number[]>();
  const places = new Map<string, number[]>();
  for (const [index, { start, end }] of sentences.entries()) {
    const sentence = text.slice(start, end);
    for (const word of wordsIn(sentence)) addPlace(words, word, index);
    for (const number of numbersIn(sentence)) addPlace(places, asNumber(number), index);
    // Left out by `numbersIn`, but it does bear out a 1.
    if (/\bone\b/i.test(sentence)) addPlace(places, asNumber('1'), index);
  }
  // A word is made into terms once, wherever it stands: that is the slow part.
  for (const [word, indexes] of words) {
    for (const term of termsOf(word)) places.set(term, indexes.concat(places.get(term) ?? []));
  }
  return { text, sentences, places };
}

function addPlace(places: Map<string, number[]>, term: string, index: number): void {
  const known = places.get(term);
  if (known) known.push(index);
  else places.set(term, [index]);
}

/** Numbers have a space of their own, where `three`, `3` and `3rd` are one. */
export function asNumber(number: string): string {
  return `#${number}`;
}
