/** Makes the observation of a step from the question, the memory and the sentences that were read. */
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { bagsOf, featuresOf, type StepFacts } from './candidate-features.ts';
import { addNames, type EvidenceMemory, renderLine } from './evidence-memory.ts';
import type { EvidenceQuestion } from './evidence-question.ts';
import { type EvidenceSentence, plainText } from './evidence-sentence.ts';
import { addHops, bestOf, maskOf, masksOfParagraphs, type Match, matchSentence } from './match-sentences.ts';
import type { Candidate, EvidenceObservation } from './observation.ts';
import { blendRarity, rarityOf } from './rarity.ts';
import { mixHash } from './term-hash.ts';

/** At most so many sentences of a section become candidates, beside all of the memory. */
export const sectionCandidates = 48;

/** What a step has in front of it. */
export interface StepInput {
  question: EvidenceQuestion;
  /** With what was read counted in, see `countSentences`. */
  memory: EvidenceMemory;
  read: readonly EvidenceSentence[];
  sketch: Uint8Array;
  tokenizer: Tokenizer;
  budget: number;
}

export function observe({
  question,
  memory,
  read,
  sketch,
  tokenizer,
  budget,
}: StepInput): EvidenceObservation {
  const weights = question.terms.map((term, bit) =>
    blendRarity(rarityOf(term, sketch), memory.counts[bit] ?? 0, memory.sentences),
  );
  const kept = memory.lines.map(({ sentence, masks }) =>
    matchSentence(sentence, masks, question, weights, true),
  );
  const masks = masksOfParagraphs(read, question);
  const matched = read.map((sentence, index) =>
    matchSentence(sentence, masks[index]!, question, weights, false),
  );
  const fresh = withoutRepeats(matched, kept);
  // What a name says when it leads from one sentence to another. The hero of a novel is rare at large, not in it.
  const weightOfName = (name: number): number =>
    Math.min(
      rarityOf(name, sketch),
      blendRarity(rarityOf(name, sketch), memory.names.get(name) ?? 0, memory.sentences),
    );
  addHops([...kept, ...fresh], question, weightOfName);
  const candidates = [...kept, ...bestOf(fresh, sectionCandidates)].map((match) =>
    toCandidate(match, question, sketch, weightOfName, tokenizer),
  );
  const totalWeight = weights.reduce((sum, weight) => sum + weight, 0);
  const facts: StepFacts = { question, weights, totalWeight, budget };
  return {
    question,
    weights,
    totalWeight,
    candidates,
    features: featuresOf(candidates, facts),
    bags: bagsOf(candidates, facts),
    budget,
  };
}

/** The memory's counts with more sentences counted in. */
export function countSentences(
  memory: EvidenceMemory,
  read: readonly EvidenceSentence[],
  question: EvidenceQuestion,
): EvidenceMemory {
  const counts = question.terms.map((_, bit) => memory.counts[bit] ?? 0);
  const names = new Map<number, number>();
  for (const { terms } of read) {
    const mask = maskOf(terms, question);
    for (let bit = 0; mask >>> bit !== 0; bit++) if (mask & (1 << bit)) counts[bit] = (counts[bit] ?? 0) + 1;
  }
  for (const sentence of read)
    for (const name of new Set(sentence.names)) names.set(name, (names.get(name) ?? 0) + 1);
  return {
    ...memory,
    counts,
    names: addNames([memory.names, names]),
    sentences: memory.sentences + read.length,
  };
}

/** Leaves out what the memory or an earlier sentence says word for word: a memory is too small to say it twice. */
function withoutRepeats(matches: readonly Match[], memory: readonly Match[]): Match[] {
  const texts = new Map<number, string>();
  for (const { sentence } of memory) texts.set(hashTerms(sentence.terms), plainText(sentence));
  return matches.filter(({ sentence, score }) => {
    if (score === 0) return true;
    const hash = hashTerms(sentence.terms);
    const known = texts.get(hash);
    if (known === undefined) texts.set(hash, plainText(sentence));
    return known === undefined || known !== plainText(sentence);
  });
}

function hashTerms(terms: readonly number[]): number {
  let hash = terms.length;
  for (const term of terms) hash = mixHash(hash ^ term, 1);
  return hash;
}

function toCandidate(
  match: Match,
  question: EvidenceQuestion,
  sketch: Uint8Array,
  weightOfName: (name: number) => number,
  tokenizer: Tokenizer,
): Candidate {
  const { sentence } = match;
  const line = renderLine(plainText(sentence), sentence.marks);
  const rarity = (term: number): number => rarityOf(term, sketch);
  const rare = weigh(new Set(sentence.terms), rarity);
  const unasked = (terms: readonly number[]): Set<number> =>
    new Set(terms.filter((term) => !question.bits.has(term)));
  const heading = unasked(sentence.heading);
  return {
    ...match,
    line,
    tokens: tokenizer.count(`${line}\n`),
    rare,
    rareSum: rare.reduce((sum, [, weight]) => sum + weight, 0),
    links: weigh(unasked(sentence.names), weightOfName),
    about: weigh(heading, weightOfName),
    aboutSum: heading.values().reduce((sum, term) => sum + rarity(term), 0),
  };
}

function weigh(terms: Iterable<number>, weightOf: (term: number) => number): [number, number][] {
  // No literal pair: V8 comes to take what a literal makes so often for long-lived, see `termsIn` of the extractive
  // reader.
  return Array.from(terms, (term) => Array.of(term, weightOf(term)) as [number, number]);
}
