import { namesIn } from '../text/names-in.ts';
import { wordsIn } from '../text/words.ts';
import type { Terms } from '../text/term-cache.ts';
import { termsIn, type Sentence } from './extractive-sentence.ts';

/** What the extractive reader knows of a question. */
export interface Question {
  /** Terms of its content words, each once. */
  terms: ReadonlySet<string>;
  /** Terms of the names in it. */
  names: ReadonlySet<string>;
  /** Terms that stand side by side in it, as `first second`. */
  pairs: ReadonlySet<string>;
  /** What kind of thing it asks for. */
  wanted: Wanted;
}

export type Wanted = 'person' | 'time' | 'place' | 'number' | 'anything';

/** The first that matches decides. */
const wantedBy: readonly (readonly [Wanted, RegExp])[] = [
  ['number', /\b(?:how (?:many|much|long|old|tall|far|large|big|high)|population|number of)\b/],
  ['time', /\b(?:when|(?:what|which) (?:\w+ )?(?:year|date|day|month|century|decade)s?|year)\b/],
  ['person', /\b(?:who|whose|whom)\b/],
  ['place', /\b(?:where|(?:what|which) (?:\w+ )?(?:city|country|town|county|state|place|village|region))\b/],
];

const year = /(?<!\d)(?:1\d{3}|20\d{2})(?!\d)/;
const amount =
  /\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|thousand|million)\b/;
const preposition = /\b(?:in|at|from|near|of) (?:the )?\p{Lu}/u;

export function parseQuestion(text: string, terms: Terms): Question {
  const found = termsIn(text, terms).terms;
  const words = wordsIn(text).join(' ').toLowerCase();
  return {
    terms: new Set(found),
    names: new Set(namesIn(text).flatMap((name) => termsIn(name, terms).terms)),
    pairs: new Set(found.slice(1).map((term, index) => `${found[index]} ${term}`)),
    wanted: wantedBy.find(([, pattern]) => pattern.test(words))?.[0] ?? 'anything',
  };
}

/** Whether a sentence holds a thing of the kind that is asked for. */
export function holdsWanted({ text, names }: Sentence, { wanted, terms }: Question): boolean {
  switch (wanted) {
    case 'person':
      return names.some((name) => !terms.has(name) && !/^\d/.test(name));
    case 'time':
      return year.test(text);
    case 'place':
      return preposition.test(text);
    case 'number':
      return amount.test(text);
    case 'anything':
      return false;
    default:
      return wanted satisfies never;
  }
}
