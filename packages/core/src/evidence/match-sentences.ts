/**
 * Which of the question's terms a sentence meets, and a first score: the extractive reader's rule on masks of
 * terms. It chooses which sentences of a section the network sees at all, and is one of its features.
 */
import { extractiveRule } from '../reader/extractive-score.ts';
import type { EvidenceQuestion } from './evidence-question.ts';
import { endsSentence, type EvidenceSentence } from './evidence-sentence.ts';

/** A sentence beside the question. Masks have a bit for each of the question's terms. */
export interface Match {
  sentence: EvidenceSentence;
  own: number;
  heading: number;
  topic: number;
  before: number;
  /** Of its whole paragraph, as far as that was read with it. */
  around: number;
  /** What its terms add by the rule, by bit. */
  gains: readonly number[];
  /** What two of the question's terms side by side add. */
  pairs: number;
  /** What names of the best sentences add: a second hop. */
  hop: number;
  divisor: number;
  score: number;
  /** It stood in the memory before this step. */
  isMemory: boolean;
}

/** Masks of a sentence against the question; of one by itself, `around` is what it holds. */
export type Masks = Pick<Match, 'own' | 'heading' | 'topic' | 'before' | 'around'>;

const noGains: readonly number[] = [];

export function maskOf(terms: readonly number[], { bits }: EvidenceQuestion): number {
  let mask = 0;
  for (const term of terms) {
    const bit = bits.get(term);
    if (bit !== undefined) mask |= 1 << bit;
  }
  return mask;
}

export function masksOf(sentence: EvidenceSentence, question: EvidenceQuestion): Masks {
  const own = maskOf(sentence.terms, question);
  return {
    own,
    around: own,
    heading: maskOf(sentence.heading, question),
    topic: maskOf(sentence.topic, question),
    before: maskOf(sentence.before, question),
  };
}

/** The masks of sentences that were read together, those of a paragraph one after the other. */
export function masksOfParagraphs(
  sentences: readonly EvidenceSentence[],
  question: EvidenceQuestion,
): readonly Masks[] {
  const masks = sentences.map((sentence) => masksOf(sentence, question));
  let first = 0;
  for (const [index, { paragraph }] of sentences.entries()) {
    if (sentences[index + 1]?.paragraph === paragraph) continue;
    const own = masks.slice(first, index + 1);
    const around = own.reduce((mask, one) => mask | one.own, 0);
    for (const one of own) one.around = around;
    first = index + 1;
  }
  return masks;
}

/** The match of a sentence; `weights` are the rarities of the question's terms. */
export function matchSentence(
  sentence: EvidenceSentence,
  masks: Masks,
  question: EvidenceQuestion,
  weights: readonly number[],
  isMemory: boolean,
): Match {
  const rule = extractiveRule;
  const { own, heading, topic, before } = masks;
  const about = topic | heading;
  const length = Math.max(rule.leastTerms, sentence.terms.length) ** rule.lengthPower;
  const divisor = endsSentence(sentence.raw) ? length : length / rule.fragment;
  const match = { sentence, ...masks, gains: noGains, pairs: 0, hop: 0, divisor, score: 0, isMemory };
  if ((own | about | before) === 0) return match;
  const gains = weights.map((weight, bit) => {
    const at = 1 << bit;
    if (own & at) return weight;
    if (about & at) return weight * rule.topic;
    return before & at ? weight * rule.before : 0;
  });
  const pairs = own === 0 ? 0 : rule.pair * pairWeight(sentence, question, weights);
  const score = gains.reduce((sum, gain) => sum + gain, pairs) / divisor;
  return { ...match, gains, pairs, score };
}

/** Adds the second hop: names of the best sentences that the question lacks speak for others that hold them. */
export function addHops(
  matches: readonly Match[],
  question: EvidenceQuestion,
  weightOfName: (name: number) => number,
): void {
  const rule = extractiveRule;
  const best = bestOf(matches, rule.hopSentences);
  const top = best[0]?.score ?? 0;
  if (top <= 0) return;
  const names = new Map<number, number>();
  for (const { sentence, score } of best) {
    const trust = rule.hop * (score / top) ** rule.hopPower;
    if (trust < 0.01) continue;
    for (const list of [sentence.names, sentence.heading]) {
      for (const name of list) {
        if (question.bits.has(name)) continue;
        const weight = trust * weightOfName(name);
        if (weight > (names.get(name) ?? 0)) names.set(name, weight);
      }
    }
  }
  for (const match of matches) {
    // A sentence does not gain from its own names.
    match.hop = hopWeight(match.sentence, names, best.includes(match));
    match.score += match.hop / match.divisor;
  }
}

/** The `count` matches with the highest scores, best first; of equals the first stays first. Scores of 0 are left out. */
export function bestOf(matches: readonly Match[], count: number): Match[] {
  const scored = matches.filter(({ score }) => score > 0);
  const scores = Float64Array.from(scored, ({ score }) => score).toSorted();
  const least = scores[scores.length - count] ?? 0;
  return scored
    .filter(({ score }) => score >= least)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, count);
}

function hopWeight(
  { terms, heading }: EvidenceSentence,
  names: ReadonlyMap<number, number>,
  headingOnly: boolean,
): number {
  let sum = 0;
  const seen: number[] = [];
  if (!headingOnly) {
    for (const term of terms) {
      const weight = names.get(term);
      if (weight === undefined || seen.includes(term)) continue;
      seen.push(term);
      sum += weight;
    }
  }
  for (const term of heading) {
    const weight = names.get(term);
    if (weight === undefined || seen.includes(term)) continue;
    seen.push(term);
    sum += weight * extractiveRule.hopTopic;
  }
  return sum;
}

function pairWeight(
  { terms }: EvidenceSentence,
  { bits, followers }: EvidenceQuestion,
  weights: readonly number[],
): number {
  let sum = 0;
  let previous = -1;
  for (const term of terms) {
    const bit = bits.get(term) ?? -1;
    if (previous >= 0 && bit >= 0 && (followers[previous] ?? 0) & (1 << bit))
      sum += Math.min(weights[previous] ?? 0, weights[bit] ?? 0);
    previous = bit;
  }
  return sum;
}
