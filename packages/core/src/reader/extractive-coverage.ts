/**
 * How sure the extractive reader is of an answer: the largest share of the question that one of its sentences
 * covers, at the rates of a score (a term in the topic or in the sentence before counts in part). Several
 * sentences are not added up, since together they cover any question with words that have nothing to do with
 * each other; for the same reason one term alone is a coincidence where the question has more.
 */
import type { Question } from './extractive-question.ts';
import type { Scored } from './extractive-score.ts';
import { weightOf, type Statistics } from './extractive-statistics.ts';

/** The rule's constants; part of a run's settings. */
export const coverageRule = Object.freeze({
  /** Sentences without any of the terms that are thought beside the document: in a short one every term is common. */
  background: 1000,
  /** A name counts so much more than another word: what the question is about is rarely worded otherwise. */
  name: 1.5,
  /** Part of the weight of a word that was not met anywhere: the document may word it otherwise. */
  absent: 0.5,
  /** So many terms must meet in one sentence, where the question has so many. */
  leastTerms: 2,
});

/** The largest share of the question in one of the sentences, 0 to 1. */
export function coverageOf(picked: readonly Scored[], question: Question, statistics: Statistics): number {
  const rule = coverageRule;
  const least = Math.min(rule.leastTerms, question.terms.size);
  const candidates = picked.filter(({ gains }) => countShared(gains, question) >= least);
  const sums = candidates.map(() => 0);
  const widened = { ...statistics, sentences: statistics.sentences + rule.background };
  let asked = 0;
  for (const term of question.terms) {
    const isName = question.names.has(term);
    const isAbsent = !statistics.counts.has(term) && picked.every(({ gains }) => !gains.has(term));
    const weight = weightOf(term, widened) * (isName ? rule.name : isAbsent ? rule.absent : 1);
    asked += weight;
    for (const [index, { gains }] of candidates.entries())
      sums[index] = (sums[index] ?? 0) + (weight * (gains.get(term) ?? 0)) / weightOf(term, statistics);
  }
  return asked === 0 ? 0 : Math.max(0, ...sums) / asked;
}

function countShared(gains: ReadonlyMap<string, number>, { terms }: Question): number {
  return [...terms].filter((term) => gains.has(term)).length;
}
