/**
 * What changes as sentences are picked: what each candidate still adds, and how it hangs together with those
 * picked. Kept up to date pick by pick, so that a step costs as much as its picks, not their square.
 */
import { extractiveRule } from '../reader/extractive-score.ts';
import { weightOf } from './candidate-features.ts';
import type { EvidenceObservation } from './observation.ts';

/** Numbers about a candidate beside those picked, and about stopping. */
export const pickFeatures = 16;
export const stopFeatures = 4;

export interface PickState {
  /** One row of `pickFeatures` numbers for each candidate, as of now. */
  features(): Float32Array;
  /** The `stopFeatures` numbers about stopping. */
  stop(): Float32Array;
  /** Whether a candidate is left and fits. */
  isOpen(candidate: number): boolean;
  /** Whether any is. */
  hasOpen(): boolean;
  take(candidate: number): void;
  readonly picked: readonly number[];
}

export function createPickState(observation: EvidenceObservation): PickState {
  const { candidates, weights, totalWeight, budget } = observation;
  const count = candidates.length;
  const total = totalWeight || 1;
  const postings = indexTerms(observation);
  const picked: number[] = [];
  const taken = new Uint8Array(count);
  const repeats = new Float64Array(weights.length).fill(1);
  let covered = 0;
  let left = budget;
  /** Per candidate: sums and maxima over those picked. */
  // Second hops lead from one paragraph to another: a sentence says nothing here of others of its own.
  const mentions = new Float32Array(count); // names of a picked sentence that it holds
  const mentionsLast = new Float32Array(count);
  const mentionsSum = new Float32Array(count);
  const headed = new Float32Array(count); // its heading is named in a picked sentence
  const naming = new Float32Array(count); // it names the heading of a picked sentence
  const same = new Float32Array(count); // it repeats a picked sentence
  const siblings = new Uint8Array(count); // picked ones of its paragraph
  const beside = new Uint8Array(count); // the one before or after it is picked
  const texts = new Set<string>();

  const isOpen = (index: number): boolean => {
    const one = candidates[index];
    return one !== undefined && taken[index] === 0 && one.tokens <= left && !texts.has(one.line);
  };

  function take(index: number): void {
    const one = candidates[index];
    if (!one) return;
    picked.push(index);
    taken[index] = 1;
    texts.add(one.line);
    left -= one.tokens;
    const mask = one.own | one.heading | one.topic | one.before;
    covered |= one.own | one.heading | one.topic;
    for (let bit = 0; bit < weights.length; bit++)
      if (mask & (1 << bit)) repeats[bit] = (repeats[bit] ?? 1) * extractiveRule.repeated;
    const shared = new Float32Array(count);
    const named = new Float32Array(count);
    const aboutIt = new Float32Array(count);
    const aboutThem = new Float32Array(count);
    for (const [term, weight] of one.rare)
      for (const other of postings.rare.get(term) ?? []) shared[other] = (shared[other] ?? 0) + weight;
    for (const [term, weight] of one.links) {
      for (const other of postings.rare.get(term) ?? []) named[other] = (named[other] ?? 0) + weight;
      for (const other of postings.about.get(term) ?? []) aboutThem[other] = (aboutThem[other] ?? 0) + weight;
    }
    for (const [term, weight] of one.about)
      for (const other of postings.rare.get(term) ?? []) aboutIt[other] = (aboutIt[other] ?? 0) + weight;
    const { aboutSum } = one;
    mentionsLast.fill(0);
    for (let other = 0; other < count; other++) {
      const candidate = candidates[other];
      if (!candidate || taken[other] === 1) continue;
      const alike = candidate.rareSum > 0 ? (shared[other] ?? 0) / candidate.rareSum : 0;
      same[other] = Math.max(same[other] ?? 0, alike);
      if (candidate.sentence.paragraph === one.sentence.paragraph) {
        siblings[other] = (siblings[other] ?? 0) + 1;
        if (Math.abs(candidate.sentence.place - one.sentence.place) === 1) beside[other] = 1;
        continue;
      }
      const mention = Math.min(2, (named[other] ?? 0) / 15);
      mentionsLast[other] = mention;
      mentions[other] = Math.max(mentions[other] ?? 0, mention);
      mentionsSum[other] = (mentionsSum[other] ?? 0) + mention;
      const theirs = candidate.aboutSum;
      if (theirs > 0) headed[other] = Math.max(headed[other] ?? 0, (aboutThem[other] ?? 0) / theirs);
      if (aboutSum > 0) naming[other] = Math.max(naming[other] ?? 0, (aboutIt[other] ?? 0) / aboutSum);
    }
  }

  function features(): Float32Array {
    const rows = new Float32Array(count * pickFeatures);
    for (let index = 0; index < count; index++) {
      const one = candidates[index];
      if (!one || taken[index] === 1) continue;
      let gain = one.pairs + one.hop;
      for (let bit = 0; bit < weights.length; bit++) gain += (one.gains[bit] ?? 0) * (repeats[bit] ?? 1);
      const at = index * pickFeatures;
      rows[at] = gain / one.divisor / 5;
      rows[at + 1] = weightOf(one.own & ~covered, weights) / total;
      rows[at + 2] = weightOf((one.heading | one.topic) & ~one.own & ~covered, weights) / total;
      rows[at + 3] = mentions[index] ?? 0;
      rows[at + 4] = mentionsLast[index] ?? 0;
      rows[at + 5] = Math.min(2, (mentionsSum[index] ?? 0) / 4);
      rows[at + 6] = headed[index] ?? 0;
      rows[at + 7] = (headed[index] ?? 0) * Math.min(1.5, one.aboutSum / 12);
      rows[at + 8] = naming[index] ?? 0;
      rows[at + 9] = same[index] ?? 0;
      rows[at + 10] = Math.min(1, (siblings[index] ?? 0) / 3);
      rows[at + 11] = (siblings[index] ?? 0) > 0 ? 1 : 0;
      rows[at + 12] = beside[index] ?? 0;
      rows[at + 13] = left > 0 ? Math.min(1, one.tokens / left) : 1;
      rows[at + 14] = Math.min(1.5, picked.length / 16);
      rows[at + 15] = picked.length === 0 ? 1 : 0;
    }
    return rows;
  }

  for (const index of observation.taken ?? []) take(index);
  return {
    features,
    stop: () =>
      Float32Array.of(
        left / budget,
        Math.min(1.5, picked.length / 16),
        weightOf(covered, weights) / total,
        Math.min(1.5, left / 256),
      ),
    isOpen,
    hasOpen: () => candidates.some((_, index) => isOpen(index)),
    take,
    picked,
  };
}

interface Postings {
  rare: ReadonlyMap<number, readonly number[]>;
  about: ReadonlyMap<number, readonly number[]>;
}

/** Where each term stands, so that a pick only touches candidates that share a term with it. */
function indexTerms({ candidates }: EvidenceObservation): Postings {
  const rare = new Map<number, number[]>();
  const about = new Map<number, number[]>();
  for (const [index, candidate] of candidates.entries()) {
    for (const [term] of candidate.rare) add(rare, term, index);
    for (const [term] of candidate.about) add(about, term, index);
  }
  return { rare, about };
}

function add(index: Map<number, number[]>, term: number, value: number): void {
  const list = index.get(term);
  if (list) list.push(value);
  else index.set(term, Array.of(value)); // No literal, see `weigh`.
}
