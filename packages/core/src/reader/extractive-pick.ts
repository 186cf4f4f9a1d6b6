import type { Sentence } from './extractive-sentence.ts';
import { bestFirst, extractiveRule, scoreOf, type Scored } from './extractive-score.ts';

/**
 * Picks sentences one by one, each time the one that adds most to those picked before: a term that they hold
 * already counts less. `accept` has the last word on each, given what it would add; `stop` ends the choice.
 */
export function pickSentences(
  scored: readonly Scored[],
  accept: (sentence: Sentence, gain: number) => 'take' | 'pass' | 'stop',
): Scored[] {
  const left = new Set(bestFirst(scored).slice(0, extractiveRule.candidates));
  const part = new Map<string, number>();
  const picked: Scored[] = [];
  while (left.size > 0) {
    const { best, gain } = findBest(left, part);
    if (!best) break;
    left.delete(best);
    const verdict = accept(best.sentence, gain);
    if (verdict === 'stop') break;
    if (verdict === 'pass') continue;
    picked.push(best);
    for (const term of best.gains.keys()) part.set(term, (part.get(term) ?? 1) * extractiveRule.repeated);
  }
  return picked;
}

function findBest(
  candidates: Iterable<Scored>,
  part: ReadonlyMap<string, number>,
): { best: Scored | undefined; gain: number } {
  let best: Scored | undefined;
  let gain = 0;
  for (const candidate of candidates) {
    const own = scoreOf(candidate, part);
    if (own > gain) [best, gain] = [candidate, own];
  }
  return { best, gain };
}
