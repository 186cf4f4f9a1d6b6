/**
 * Conversations to imitate: a teacher who knows which paragraphs support the answer. A sentence with the answer and
 * one of each other supporting paragraph, if possible one that names another of them, come first, in half of the conversations in the order in which the rule would
 * find them, so that what leads to a second hop comes before it; the rule's choice fills the budget.
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
  /** What the teacher takes over: often something has been picked before. */
  from: EvidenceObservation;
  /** All picks, those before among them: the memory goes on with them. */
  picks: readonly number[];
  /** How many of the teacher's own, from the first, are worth imitating: what fills the budget teaches little. */
  shown: number;
}

/** Picks that are shown after the evidence, its neighbours and the rule's: that to go on is better than to stop. */
const mostOthers = 2;

/** Most picks before the teacher takes over. */
const mostBefore = 8;

/** The teacher of a question. `random` chooses where the teacher takes over. */
export function createTeacher(
  row: EvidenceQuestionRow,
  random: Random,
): (observation: EvidenceObservation) => TaughtPicks {
  const paragraphOf = supportingParagraphOf(row);
  const holdsAnswer = createAnswerFilter(row.answers);
  const namers = row.paragraphs
    .filter(({ supporting }) => supporting)
    .map(({ title }) => createAnswerFilter([title.replace(/ \(.*\)$/, '')]));
  return (observation) => {
    const paragraphs = observation.candidates.map(({ line }) => paragraphOf(line));
    const leads = observation.candidates.map(({ line }, index) =>
      namers.some((namesTitle, other) => other !== paragraphs[index] && namesTitle(line)),
    );
    const answers = observation.candidates.map(
      ({ line }, index) => paragraphs[index] !== undefined && holdsAnswer(line),
    );
    const answering = new Set(paragraphs.filter((_, index) => answers[index]));
    const taken = takeBefore(observation, paragraphs, answers, random);
    const held = new Set(taken.flatMap((pick) => paragraphs[pick] ?? []));
    let hasAnswer = taken.some((pick) => answers[pick]);
    const answerFirst = random.fraction() < 0.5 ? 1 : 0;
    const from = { ...observation, taken };
    const state = createPickState(from);
    let shown = 0;
    let others = 0;
    while (state.hasOpen()) {
      const worths = paragraphs.map((paragraph, index) => {
        if (paragraph === undefined) return 0;
        if (answers[index]) return hasAnswer ? 1 : 2 + answerFirst;
        if (held.has(paragraph) || (!hasAnswer && answering.has(paragraph))) return 1;
        return leads[index] ? 2 : 1.5;
      });
      const pick = bestPick(observation, worths, state);
      if ((worths[pick] ?? 0) > 1 || others++ < mostOthers) shown = state.picked.length + 1 - taken.length;
      const paragraph = paragraphs[pick];
      if (paragraph !== undefined) held.add(paragraph);
      hasAnswer ||= answers[pick] === true;
      state.take(pick);
    }
    return { from, picks: state.picked, shown };
  };
}

/**
 * What was picked before the teacher takes over, in most conversations: choices of the rule, and sentences of
 * supporting paragraphs beside the answer, as a policy that does not know it would pick them.
 */
function takeBefore(
  observation: EvidenceObservation,
  paragraphs: readonly (number | undefined)[],
  answers: readonly boolean[],
  random: Random,
): readonly number[] {
  const count = random.fraction() < 0.4 ? 0 : random.between(1, mostBefore);
  const state = createPickState(observation);
  while (state.picked.length < count && state.hasOpen()) {
    const isNear = random.fraction() < 0.3;
    const worths = paragraphs.map((paragraph, index) =>
      isNear && paragraph !== undefined && !answers[index] ? 1 : 0,
    );
    state.take(bestPick(observation, worths, state));
  }
  return [...state.picked];
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
