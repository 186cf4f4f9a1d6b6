/**
 * Finds the words that a model quotes in the text that it was shown. Models copy words, not characters: case, white
 * space, the kinds of quotation marks and dashes, and punctuation around the quotation may differ.
 */
import type { Span } from '../text/split-sentences.ts';

/** All places of a quotation, in order; none: it stands nowhere. */
export type QuoteLocator = (quote: string) => Span[];

/** A quotation of a word or two can stand anywhere: so many places are looked at. */
const mostPlaces = 100;

/** Prepares a text, once for all its quotations. */
export function createQuoteLocator(text: string): QuoteLocator {
  const folded = fold(text);
  return (quote) => {
    const wanted = fold(quote).text.trim();
    for (const words of new Set([wanted, withoutEdges(wanted)])) {
      const places = findAll(words, folded.text);
      if (places.length > 0) return places.map((place) => spanOf(place, place + words.length, folded));
    }
    return [];
  };
}

/** A text as it is compared, and where each of its units stood. */
interface Folded {
  text: string;
  starts: number[];
  ends: number[];
}

/** What is compared as something else; what is left out has an empty text. */
const folds: readonly [RegExp, string][] = [
  [/[\u00AD\u200B-\u200D\u2060\uFEFF]/, ''],
  [/\s/, ' '],
  [/[‘’‚‛`´]/, "'"],
  [/[“”„‟«»]/, '"'],
  [/[‐‑‒–—―−]/, '-'],
];

function fold(text: string): Folded {
  const folded: Folded = { text: '', starts: [], ends: [] };
  let at = 0;
  for (const character of text) {
    const end = at + character.length;
    const as = foldCharacter(character);
    if (as === ' ' && folded.text.endsWith(' ')) folded.ends[folded.ends.length - 1] = end;
    else {
      folded.text += as;
      for (let unit = 0; unit < as.length; unit += 1) {
        folded.starts.push(at);
        folded.ends.push(end);
      }
    }
    at = end;
  }
  return folded;
}

function foldCharacter(character: string): string {
  if (/^[a-z0-9]$/.test(character)) return character;
  return folds.find(([kind]) => kind.test(character))?.[1] ?? character.toLowerCase();
}

/** Without what models put around a quotation. */
function withoutEdges(quote: string): string {
  return quote.replace(/^[\s"'.…,;:]+/, '').replace(/[\s"'.…,;:]+$/, '');
}

/** Letters that make words with those beside them; scripts without spaces do not. */
const inWord = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}]/u;

/** Where whole words stand: `187` does not stand in `1874`. */
function findAll(words: string, text: string): number[] {
  const places: number[] = [];
  if (words === '') return places;
  for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + 1)) {
    if (places.length === mostPlaces) break;
    if (!isSplit(text, at) && !isSplit(text, at + words.length)) places.push(at);
  }
  return places;
}

/** Whether a cut at `index` would go through a word. */
function isSplit(text: string, index: number): boolean {
  return inWord.test(text.charAt(index - 1)) && inWord.test(text.charAt(index));
}

function spanOf(from: number, to: number, { starts, ends }: Folded): Span {
  return { start: starts[from] ?? 0, end: ends[to - 1] ?? 0 };
}
