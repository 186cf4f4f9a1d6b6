import { pickSentences } from './extractive-pick.ts';
import type { Question } from './extractive-question.ts';
import { scoreSentences } from './extractive-score.ts';
import type { Sentence } from './extractive-sentence.ts';
import { weightOf, type Statistics } from './extractive-statistics.ts';

/** How the extractive reader answers; part of a run's settings. */
export const answerRule = Object.freeze({
  /** Most sentences of an answer. */
  mostSentences: 3,
  /** A further sentence must add this part of what the first one has. */
  leastGain: 0.4,
  /**
   * The answer counts as found from this score on. The score is the share of the question's terms, weighed by
   * rarity, that stand in the answer's sentences or, at the topic's rate, in what they are about. Chosen on 240
   * development questions of HotpotQA and SQuAD among 90 paragraphs: 92% of those that the text answers pass,
   * and 10% of those asked of a text about something else.
   */
  leastScore: 0.45,
});

/** The sentences that answer best, best first, and how much of the question they cover (0 to 1). */
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
  let asked = 0;
  let covered = 0;
  for (const term of question.terms) {
    asked += weightOf(term, statistics);
    covered += Math.max(0, ...picked.map(({ gains }) => gains.get(term) ?? 0));
  }
  return { picked: picked.map(({ sentence }) => sentence), score: asked === 0 ? 0 : covered / asked };
}
