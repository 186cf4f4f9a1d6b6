import { wordsIn } from '../text/words.ts';
import { parseQuestion as parseWanted, type Wanted } from '../reader/extractive-question.ts';
import { hashTerm, mixHash, type Lexicon } from './term-hash.ts';

/** What the evidence reader knows of a question. Sets of its terms are bit masks. */
export interface EvidenceQuestion {
  /** Its distinct terms, the first `mostTerms`; a term's index is its bit. */
  terms: readonly number[];
  bits: ReadonlyMap<number, number>;
  /** Terms that begin with a capital or a digit. */
  names: number;
  /** For each term, the terms that directly follow it somewhere. */
  followers: readonly number[];
  wanted: Wanted;
  /** Its words, stop words included but names left out, hashed into a bag: what relation it asks for. */
  bag: Float32Array;
  /** Traits of the question alone, the same for all candidates. */
  traits: readonly number[];
}

/** As many as a mask has bits, less the sign. */
const mostTerms = 31;

/** Slots of the bags of words. */
export const bagSlots = 64;

const kinds: readonly Wanted[] = ['person', 'time', 'place', 'number', 'anything'];

/** Question words that tell what is to be compared or joined. */
const patterns: readonly RegExp[] = [
  /\bor\b/i,
  /\b(?:both|same|also|common)\b/i,
  /\b(?:first|earlier|later|older|younger|more|longer|larger|born first|died)\b/i,
  /\b(?:of the|by the|that|whose|where)\b.*\b(?:of|by|in|who|whose|that|which)\b/i,
  /^(?:is|are|was|were|do|does|did|has|have|had|can)\b/i,
];

export function parseEvidenceQuestion(text: string, lexicon: Lexicon): EvidenceQuestion {
  const bits = new Map<number, number>();
  const followers: number[] = [];
  const bag = new Float32Array(bagSlots);
  let names = 0;
  let previous = -1;
  for (const word of wordsIn(text)) {
    const found = lexicon(word);
    const isName = found.length > 0 && /^[\p{Lu}\p{Nd}]/u.test(word);
    if (!isName) addToBag(bag, found[0] ?? hashTerm(word.toLowerCase()), 1);
    for (const term of found) {
      if (!bits.has(term) && bits.size < mostTerms) bits.set(term, bits.size);
      const bit = bits.get(term);
      if (bit === undefined) continue;
      if (isName) names |= 1 << bit;
      if (previous >= 0) followers[previous] = (followers[previous] ?? 0) | (1 << bit);
      previous = bit;
    }
  }
  const { wanted } = parseWanted(text, () => []);
  return {
    terms: [...bits.keys()],
    bits,
    names,
    followers: Array.from({ length: bits.size }, (_, bit) => followers[bit] ?? 0),
    wanted,
    bag: scaleBag(bag),
    traits: [
      ...kinds.map((kind) => Number(kind === wanted)),
      ...patterns.map((pattern) => Number(pattern.test(text))),
      bits.size / 16,
      countBits(names) / 8,
    ],
  };
}

/** Adds a term to a bag of words. */
export function addToBag(bag: Float32Array, term: number, weight: number, offset = 0): void {
  const slot = offset + (mixHash(term, 7) & (bagSlots - 1));
  bag[slot] = (bag[slot] ?? 0) + weight;
}

/** Scales a bag to unit length. */
function scaleBag(bag: Float32Array): Float32Array {
  const length = Math.hypot(...bag);
  return length === 0 ? bag : bag.map((value) => value / length);
}

export function countBits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}
