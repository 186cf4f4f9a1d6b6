/**
 * What the policy sees of one step: the candidates (every sentence of the memory, and the section's best by a
 * fixed rule), what speaks for each, what each would cost, and the budget. An action is the index of a candidate,
 * or the number of candidates to stop.
 */
import type { EvidenceQuestion } from './evidence-question.ts';
import type { Match } from './match-sentences.ts';

export interface EvidenceObservation {
  question: EvidenceQuestion;
  /** Rarity of each of the question's terms, and their sum. */
  weights: readonly number[];
  totalWeight: number;
  candidates: readonly Candidate[];
  /** One row of `candidateFeatures` numbers for each candidate. */
  features: Float32Array;
  /** One bag of `bagSlots` words for each candidate. */
  bags: Float32Array;
  /** Tokens of the whole memory. */
  budget: number;
  /** Candidates that are picked already, in order; none unless a teacher shows how to go on from there. */
  taken?: readonly number[];
}

/** A sentence that may be picked. */
export interface Candidate extends Match {
  /** As it stands in the memory, with its marks. */
  line: string;
  /** Tokens of the line and its line end. */
  tokens: number;
  /** Its distinct terms with their rarity, and the sum. */
  rare: readonly (readonly [term: number, weight: number])[];
  rareSum: number;
  /** Its names that the question lacks, and those of its heading, with their rarity, at large or in the document, whichever is less. */
  links: readonly (readonly [term: number, weight: number])[];
  about: readonly (readonly [term: number, weight: number])[];
  /** The rarity of its heading's names together, wherever they stand. */
  aboutSum: number;
}
