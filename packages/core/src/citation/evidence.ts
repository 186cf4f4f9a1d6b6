/** A text prepared to be searched for what bears out a sentence: done once, however many sentences cite it. */
import { numbersIn } from '../text/numbers-in.ts';
import { splitSentences, type Span } from '../text/split-sentences.ts';
import { termsOf, wordsIn } from '../text/words.ts';

export interface Evidence {
  text: string;
  /** Its sentences, each with the terms and numbers that stand in it. */
  sentences: (Span & { terms: ReadonlySet<string> })[];
}

/** Every word counts as evidence, stop words too: a name may be one. */
export function prepareEvidence(text: string): Evidence {
  const known = new Map<string, string[]>();
  const termsOnce = (word: string): string[] => {
    const terms = known.get(word) ?? termsOf(word);
    known.set(word, terms);
    return terms;
  };
  const sentences = splitSentences(text).map(({ start, end }) => {
    const sentence = text.slice(start, end);
    const one = /\bone\b/i.test(sentence) ? ['1'] : []; // Left out by `numbersIn`, but it does bear out a 1.
    const numbers = [...numbersIn(sentence), ...one].map(asNumber);
    return { start, end, terms: new Set([...wordsIn(sentence).flatMap(termsOnce), ...numbers]) };
  });
  return { text, sentences };
}

/** Numbers have a space of their own, where `three`, `3` and `3rd` are one. */
export function asNumber(number: string): string {
  return `#${number}`;
}
