/**
 * Conversations to imitate: a teacher who knows which paragraphs support the answer. The sentence with the answer
 * comes first, then one of each supporting paragraph that has none yet, then the rest of them; the rule's choice
 * fills the budget.
 */
import {
  createPickState,
  type EvidenceObservation,
  pickFeatures,
  type PickState,
} from '@memagent/core/evidence';
import type { Random } from '@memagent/eval';
import type { EvidenceQuestionRow } from './evidence-data.ts';
import { createAnswerFilter, supportingParagraphOf } from './evidence-reward.ts';

export interface TaughtPicks {
  /** What the teacher takes over: in half of the conversations, the rule has picked before. */
  from: EvidenceObservation;
  /** All picks, the rule's among them: the memory goes on with them. */
  picks: readonly number[];
  /** How many of the teacher's own, from the first, are worth imitating: what else fills the budget teaches little. */
  shown: number;
}

/** Most picks of the rule before the teacher takes over. */
const mostBefore = 12;

/** The teacher of a question. `random` chooses how far the rule has gone when the teacher takes over. */
export function createTeacher(
  row: EvidenceQuestionRow,
  random: Random,
): (observation: EvidenceObservation) => TaughtPicks {
  const paragraphOf = supportingParagraphOf(row);
  const holdsAnswer = createAnswerFilter(row.answers);
  return (observation) => {
    const paragraphs = observation.candidates.map(({ line }) => paragraphOf(line));
    const answers = observation.candidates.map(
      ({ line }, index) => paragraphs[index] !== undefined && holdsAnswer(line),
    );
    const nothing = paragraphs.map(() => 0);
    const rule = createPickState(observation);
    const prefix = random.fraction() < 0.5 ? 0 : random.between(1, mostBefore);
    while (rule.picked.length < prefix && rule.hasOpen()) rule.take(bestPick(observation, nothing, rule));
    const taken = [...rule.picked];
    const held = new Set(taken.flatMap((pick) => paragraphs[pick] ?? []));
    let hasAnswer = taken.some((pick) => answers[pick]);
    let shown = 0;
    const from = { ...observation, taken };
    const state = createPickState(from);
    while (state.hasOpen()) {
      const worths = paragraphs.map((paragraph, index) => {
        if (paragraph === undefined) return 0;
        if (answers[index] && !hasAnswer) return 3;
        return held.has(paragraph) ? 1 : 2;
      });
      const pick = bestPick(observation, worths, state);
      const worth = worths[pick] ?? 0;
      if (worth > 1) shown = state.picked.length + 1 - taken.length;
      const paragraph = paragraphs[pick];
      if (paragraph !== undefined) held.add(paragraph);
      hasAnswer ||= answers[pick] === true;
      state.take(pick);
    }
    return { from, picks: state.picked, shown };
  };
}

/** Best worth first; of equals the one that the rule would take. */
function bestPick({ candidates }: EvidenceObservation, worths: readonly number[], state: PickState): number {
  const features = state.features();
  let best = -1;
  let bestValue = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < candidates.length; index++) {
    if (!state.isOpen(index)) continue;
    const value = (worths[index] ?? 0) * 1000 + (features[index * pickFeatures] ?? 0);
    if (value > bestValue) [best, bestValue] = [index, value];
  }
  return best;
}
