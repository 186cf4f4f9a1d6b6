/** What speaks for each candidate whatever else is picked: one row of numbers, most between 0 and 2. */
import { extractiveRule } from '../reader/extractive-score.ts';
import type { Wanted } from '../reader/extractive-question.ts';
import { addToBag, bagSlots, countBits, type EvidenceQuestion } from './evidence-question.ts';
import { endsSentence } from './evidence-sentence.ts';
import type { Candidate } from './observation.ts';

/** Numbers of a row. */
export const candidateFeatures = 48;

/** What the step has in common for all candidates. */
export interface StepFacts {
  question: EvidenceQuestion;
  weights: readonly number[];
  totalWeight: number;
  budget: number;
}

const year = /(?<!\d)(?:1\d{3}|20\d{2})(?!\d)/;
const amount =
  /\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|thousand|million)\b/;
const preposition = /\b(?:in|at|from|near|of) (?:the )?\p{Lu}/u;

/** The rows of all candidates, one after the other. */
export function featuresOf(candidates: readonly Candidate[], facts: StepFacts): Float32Array {
  const features = new Float32Array(candidates.length * candidateFeatures);
  const order = candidates.map((_, index) => index).toSorted((a, b) => scoreAt(b) - scoreAt(a));
  const ranks: number[] = [];
  for (const [rank, index] of order.entries()) ranks[index] = rank;
  const top = scoreAt(order[0] ?? 0);
  for (const [index, candidate] of candidates.entries()) {
    const row = rowOf(candidate, facts, ranks[index] ?? 0, top);
    features.set(row, index * candidateFeatures);
  }
  return features;

  function scoreAt(index: number): number {
    return candidates[index]?.score ?? 0;
  }
}

function rowOf(candidate: Candidate, facts: StepFacts, rank: number, top: number): number[] {
  const { question, weights, totalWeight, budget } = facts;
  const { sentence, own, heading, topic, before, around, tokens } = candidate;
  const total = totalWeight || 1;
  const part = (mask: number): number => weightOf(mask, weights) / total;
  const about = heading | topic;
  const names = weightOf(question.names, weights) || 1;
  const others = total - weightOf(question.names, weights) || 1;
  const length = sentence.terms.length;
  const { raw } = sentence;
  const hasYear = year.test(raw);
  const hasAmount = amount.test(raw);
  const hasPlace = preposition.test(raw);
  const newNames = candidate.links.length;
  const headingSum = candidate.aboutSum;
  const headingAsked =
    heading === 0 ? 0 : weightOf(heading, weights) / (weightOf(heading, weights) + headingSum);
  return [
    candidate.score / 5,
    top > 0 ? candidate.score / top : 0,
    1 / (1 + rank),
    Math.min(1, rank / 48),
    part(own),
    part(heading & ~own),
    part(topic & ~heading & ~own),
    part(before & ~own & ~about),
    part(own | about),
    part(own | about | before),
    part(around | about),
    part(around & ~own & ~about & ~before),
    heaviest(around & ~own & ~about, weights) / 10,
    weightOf((around | about) & question.names, weights) / names,
    heaviest(own, weights) / 10,
    heaviest(about & ~own, weights) / 10,
    weightOf(own & question.names, weights) / names,
    weightOf((own | about) & question.names, weights) / names,
    weightOf(own & ~question.names, weights) / others,
    countBits(own) / 8,
    candidate.pairs / extractiveRule.pair / total,
    headingAsked,
    headingAsked > 0.99 ? 1 : 0,
    Math.min(1, headingSum / 20),
    length === 0 ? 0 : countBits(own) / length,
    candidate.hop / 10,
    holdsWanted(question.wanted),
    hasYear ? 1 : 0,
    hasAmount ? 1 : 0,
    hasPlace ? 1 : 0,
    Math.min(1, newNames / 8),
    Math.min(2, length / 20),
    Math.min(2, tokens / 50),
    Math.min(2, tokens / budget),
    sentence.place === 0 ? 1 : 0,
    sentence.place === 1 ? 1 : 0,
    Math.min(1, sentence.place / 6),
    endsSentence(raw) ? 0 : 1,
    Math.min(1.5, budget / 1024),
    Math.log2(budget) / 10 - 0.8,
    total / 60,
    names / total,
    ...question.traits.slice(5, 10),
    question.traits[10] ?? 0,
  ];

  function holdsWanted(wanted: Wanted): number {
    switch (wanted) {
      case 'person':
        return newNames > 0 ? 1 : 0;
      case 'time':
        return hasYear ? 1 : 0;
      case 'place':
        return hasPlace ? 1 : 0;
      case 'number':
        return hasAmount ? 1 : 0;
      case 'anything':
        return 0;
      default:
        return wanted satisfies never;
    }
  }
}

/** The bags of the candidates' words that the question lacks, each of unit length. */
export function bagsOf(candidates: readonly Candidate[], { question }: StepFacts): Float32Array {
  const bags = new Float32Array(candidates.length * bagSlots);
  for (const [index, { rare }] of candidates.entries()) {
    const offset = index * bagSlots;
    for (const [term] of rare) if (!question.bits.has(term)) addToBag(bags, term, 1, offset);
    let square = 0;
    for (let at = offset; at < offset + bagSlots; at++) square += (bags[at] ?? 0) ** 2;
    if (square === 0) continue;
    for (let at = offset; at < offset + bagSlots; at++) bags[at] = (bags[at] ?? 0) / Math.sqrt(square);
  }
  return bags;
}

/** The weights of a mask's terms together. */
export function weightOf(mask: number, weights: readonly number[]): number {
  let sum = 0;
  for (let bit = 0; bit < weights.length; bit++) if (mask & (1 << bit)) sum += weights[bit] ?? 0;
  return sum;
}

function heaviest(mask: number, weights: readonly number[]): number {
  let most = 0;
  for (let bit = 0; bit < weights.length; bit++) {
    if (mask & (1 << bit)) most = Math.max(most, weights[bit] ?? 0);
  }
  return most;
}
