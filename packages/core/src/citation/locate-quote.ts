/**
 * Finds the words that a model quotes in the text that it was shown. Models copy words, not characters: case, white
 * space, the kinds of quotation marks and dashes, and punctuation around the quotation may differ.
 */
import type { Span } from '../text/split-sentences.ts';

/** All places of a quotation, in order; none: it stands nowhere. */
export type QuoteLocator = (quote: string) => Span[];

/** A quotation of a word or two can stand anywhere: so many places are looked at. */
const mostPlaces = 100;

/** Prepares a text when its first quotation is looked for, once for all of them. */
export function createQuoteLocator(text: string): QuoteLocator {
  let folded: Folded | undefined;
  return (quote) => {
    const wanted = fold(quote).text.trim();
    if (wanted === '') return [];
    folded ??= fold(text);
    for (const words of new Set([wanted, withoutEdges(wanted)])) {
      const places = findAll(words, folded.text);
      if (places.length > 0)
        return places.map((place) => spanOf(place, place + words.length, folded!.starts));
    }
    return [];
  };
}

/** A text as it is compared, and where each of its units began; the last entry is the text's end. */
interface Folded {
  text: string;
  starts: Uint32Array;
}

/** What is compared as something else; what is left out has an empty text. */
const folds: readonly [RegExp, string][] = [
  [/[\u00AD\u200B-\u200D\u2060\uFEFF]/, ''],
  [/\s/, ' '],
  [/[‘’‚‛`´]/, "'"],
  [/[“”„‟«»]/, '"'],
  [/[‐‑‒–—―−]/, '-'],
];

const decoder = new TextDecoder('utf-16le');
const blank = 0x20;

function fold(text: string): Folded {
  // A letter has at most two units in lower case for each that it has now.
  const units = new Uint16Array(2 * text.length);
  const starts = new Uint32Array(2 * text.length + 1);
  let length = 0;
  const add = (unit: number, at: number): void => {
    if (unit === blank && units[length - 1] === blank) return;
    units[length] = unit;
    starts[length] = at;
    length += 1;
  };
  for (let at = 0; at < text.length;) {
    const code = text.codePointAt(at) ?? 0;
    if (code >= 0x41 && code <= 0x5a) add(code + 0x20, at);
    else if (code > blank && code < 0x7f && code !== 0x60) add(code, at);
    else {
      const as = foldCharacter(String.fromCodePoint(code));
      for (let unit = 0; unit < as.length; unit += 1) add(as.charCodeAt(unit), at);
    }
    at += code > 0xffff ? 2 : 1;
  }
  starts[length] = text.length;
  return { text: decoder.decode(units.subarray(0, length)), starts };
}

function foldCharacter(character: string): string {
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

function spanOf(from: number, to: number, starts: Uint32Array): Span {
  return { start: starts[from] ?? 0, end: starts[to] ?? 0 };
}
