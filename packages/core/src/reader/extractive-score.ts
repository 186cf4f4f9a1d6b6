/**
 * How well sentences match a question. A sentence gains from the question's terms in it, and less from those
 * in its paragraph's topic and in the sentence before; then, as a second hop, from names that stand in the
 * best sentences and not in the question. What it gains from a term is kept apart by term, so that a choice of
 * several sentences can count each term once, see `pickSentences`.
 */
import { holdsWanted, type Question } from './extractive-question.ts';
import type { Sentence } from './extractive-sentence.ts';
import { weightOf, type Statistics } from './extractive-statistics.ts';

/**
 * The rule's constants; part of a run's settings. Tuned by hand on how often the answer of a development
 * question of HotpotQA stood in the final memory (373 questions, 800 paragraphs, 128 to 1,024 tokens). Changing
 * one by a third moves that by a point or two; without the second hop or `repeated` up to six are lost.
 */
export const extractiveRule = Object.freeze({
  version: 1,
  /** Part of a term's weight that counts when it stands in the topic, or in the sentence before. */
  topic: 0.5,
  before: 0.3,
  /** Part of the rarer term's weight that two of the question's terms side by side add. */
  pair: 0.3,
  /** What a thing of the wanted kind adds (a year for "when"). */
  wanted: 1,
  /** Part of a name's weight that counts in the second hop, and of that when it stands in the topic. */
  hop: 0.6,
  hopTopic: 0.6,
  /** Names come from so many of the best sentences, weighed by their relative score to this power. */
  hopSentences: 6,
  hopPower: 4,
  /** Scores are divided by the number of terms, at least this, to this power. */
  leastTerms: 12,
  lengthPower: 0.3,
  /** Part of the score that is left to what does not end like a sentence: titles, headings, list items. */
  fragment: 0.4,
  /** Part of a term's weight that is left each time a picked sentence has it. */
  repeated: 0.6,
  /** So many of the best sentences are looked at for a choice. */
  candidates: 150,
});

/** A sentence with what speaks for it. */
export interface Scored {
  sentence: Sentence;
  /** What each term adds. */
  gains: Map<string, number>;
  /** What is added whatever else is picked. */
  fixed: number;
  /** What the sum is divided by. */
  divisor: number;
  score: number;
}

/** Scores all sentences of one choice together; the second hop goes from some to others. */
export function scoreSentences(
  sentences: readonly Sentence[],
  question: Question,
  statistics: Statistics,
): Scored[] {
  const weights = new Map([...question.terms].map((term) => [term, weightOf(term, statistics)]));
  const scored = sentences.map((sentence) => matchQuestion(sentence, question, weights));
  followNames(scored, question, statistics);
  return scored;
}

/** Best first; of equals the first stays first. Those that nothing speaks for are left out. */
export function bestFirst(scored: readonly Scored[]): Scored[] {
  return scored.filter(({ score }) => score > 0).toSorted((a, b) => b.score - a.score);
}

/** The score when each term counts only in part. */
export function scoreOf(
  { gains, fixed, divisor }: Omit<Scored, 'score'>,
  part?: ReadonlyMap<string, number>,
): number {
  let sum = fixed;
  for (const [term, gain] of gains) sum += gain * (part?.get(term) ?? 1);
  return sum / divisor;
}

function matchQuestion(sentence: Sentence, question: Question, weights: ReadonlyMap<string, number>): Scored {
  const rule = extractiveRule;
  const gains = new Map<string, number>();
  for (const term of sentence.before) raise(gains, term, rule.before * (weights.get(term) ?? 0));
  for (const term of sentence.topic) raise(gains, term, rule.topic * (weights.get(term) ?? 0));
  let fixed = 0;
  let previous = '';
  for (const term of sentence.terms) {
    const weight = weights.get(term) ?? 0;
    raise(gains, term, weight);
    if (weight > 0 && question.pairs.has(`${previous} ${term}`))
      fixed += rule.pair * Math.min(weight, weights.get(previous) ?? weight);
    previous = term;
  }
  if (gains.size > 0 && holdsWanted(sentence, question)) fixed += rule.wanted;
  const length = Math.max(rule.leastTerms, sentence.terms.length) ** rule.lengthPower;
  const isFragment = gains.size > 0 && !/[.!?。！？…]['"”’)\]]*$/u.test(sentence.text);
  const divisor = isFragment ? length / rule.fragment : length;
  const match = { sentence, gains, fixed, divisor };
  return { ...match, score: scoreOf(match) };
}

/** The second hop. Raises the scores of sentences that hold names met in the best ones. */
function followNames(scored: readonly Scored[], question: Question, statistics: Statistics): void {
  const rule = extractiveRule;
  const best = bestFirst(scored).slice(0, rule.hopSentences);
  const names = new Map<string, number>();
  for (const { sentence, score } of best) {
    const trust = (score / (best[0]?.score ?? score)) ** rule.hopPower;
    for (const name of [...sentence.names, ...sentence.topic])
      if (!question.terms.has(name)) raise(names, name, rule.hop * trust * weightOf(name, statistics));
  }
  if (names.size === 0) return;
  for (const one of scored) {
    const { sentence, gains } = one;
    const before = gains.size;
    for (const term of sentence.topic) raise(gains, term, rule.hopTopic * (names.get(term) ?? 0));
    // A sentence does not gain from its own names.
    if (!best.includes(one)) for (const term of sentence.terms) raise(gains, term, names.get(term) ?? 0);
    if (gains.size > before) one.score = scoreOf(one);
  }
}

function raise(gains: Map<string, number>, term: string, gain: number): void {
  if (gain > (gains.get(term) ?? 0)) gains.set(term, gain);
}
