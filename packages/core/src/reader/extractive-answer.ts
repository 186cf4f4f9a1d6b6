import { coverageOf } from './extractive-coverage.ts';
import { pickSentences } from './extractive-pick.ts';
import type { Question } from './extractive-question.ts';
import { scoreSentences } from './extractive-score.ts';
import type { Sentence } from './extractive-sentence.ts';
import type { Statistics } from './extractive-statistics.ts';

/** How the extractive reader answers; part of a run's settings. */
export const answerRule = Object.freeze({
  /** Most sentences of an answer. */
  mostSentences: 3,
  /** A further sentence must add this part of what the first one has. */
  leastGain: 0.4,
  /** The answer counts as found from this score on, see `coverageOf`. Tuned on data: docs/experiments.md. */
  leastScore: 0.32,
});

/** The sentences that answer best, best first, and how much of the question the best of them covers (0 to 1). */
export function chooseAnswer(
  sentences: readonly Sentence[],
  question: Question,
  statistics: Statistics,
): { picked: Sentence[]; score: number } {
  let first = 0;
  let count = 0;
  const texts = new Set<string>();
  const picked = pickSentences(scoreSentences(sentences, question, statistics), ({ text }, gain) => {
    first ||= gain;
    if (count >= answerRule.mostSentences || gain < first * answerRule.leastGain) return 'stop';
    if (texts.has(text)) return 'pass';
    texts.add(text);
    count++;
    return 'take';
  });
  return { picked: picked.map(({ sentence }) => sentence), score: coverageOf(picked, question, statistics) };
}
