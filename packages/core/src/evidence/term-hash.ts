/**
 * Terms as 32-bit numbers, so that sentences are compared without strings and the weights need no vocabulary.
 * Two terms of one document meet by chance about once in a million documents of a thousand terms.
 */
import { createWordCache } from '../text/word-cache.ts';
import { termsOf } from '../text/words.ts';

/** Gives the hashed terms of a word, none for a stop word. */
export type Lexicon = (word: string) => readonly number[];

/** Remembers the hashed terms of words, see {@link createWordCache}. */
export function createLexicon(): Lexicon {
  return createWordCache((word) => termsOf(word).map(hashTerm));
}

/** FNV-1a over UTF-16 units, mixed so that its low bits can be used as an index. */
export function hashTerm(term: string): number {
  let hash = 0x811c_9dc5;
  for (let at = 0; at < term.length; at++) hash = Math.imul(hash ^ term.charCodeAt(at), 0x0100_0193);
  return mixHash(hash, 0);
}

/** Another hash of a hash, one for each `seed` (the finalizer of MurmurHash3). */
export function mixHash(hash: number, seed: number): number {
  let bits = hash + Math.imul(seed, 0x9e37_79b9);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85eb_ca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2_ae35);
  return (bits ^ (bits >>> 16)) | 0;
}
