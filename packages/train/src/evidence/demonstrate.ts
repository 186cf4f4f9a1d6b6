/**
 * Picks to imitate: a teacher who knows which paragraphs support the answer. A sentence with the answer and one of
 * each other supporting paragraph, if possible one that names another of them, come first, in half of the lessons in
 * the order in which the rule would find them, so that what leads to a second hop comes before it; the rule's choice
 * fills the budget.
 */
import {
  createPickState,
  type EvidenceObservation,
  pickFeatures,
  type PickState,
} from '@memagent/core/evidence';
import type { Random } from '@memagent/eval';
import type { Demonstration } from '../trainer/training-setup.ts';
import type { EvidenceQuestionRow } from './evidence-data.ts';
import { createAnswerFilter, supportingParagraphOf } from './evidence-reward.ts';

export interface Teacher {
  /** A memory to go on reading with. */
  read(observation: EvidenceObservation, random: Random): readonly number[];
  /**
   * What to imitate where `before` has been picked; by default choices of the rule, and sentences of supporting
   * paragraphs beside the answer, as a policy that does not know it would pick them.
   */
  show(
    observation: EvidenceObservation,
    random: Random,
    before?: readonly number[],
  ): Demonstration<EvidenceObservation>;
}

/**
 * Picks that are shown after the evidence, its neighbours and the rule's, one of these numbers by chance: that to go on
 * is better than to stop, and that what stands beside a good sentence often tells the rest. With more of them a policy
 * keeps to the neighbours of whatever it picked first.
 */
const others = [0, 0, 1, 2] as const;

/** Most picks before the teacher takes over. */
const mostBefore = 8;

/**
 * The teacher of a question: looks at each observation once, however often it is shown. `random` chooses where it takes
 * over, what comes first, and how much is shown.
 */
export function createTeacher(row: EvidenceQuestionRow): Teacher {
  const looked = new WeakMap<EvidenceObservation, Evidence>();
  const paragraphOf = supportingParagraphOf(row);
  const holdsAnswer = createAnswerFilter(row.answers);
  const namers = row.paragraphs
    .filter(({ supporting }) => supporting)
    .map(({ title }) => createAnswerFilter([title.replace(/ \(.*\)$/, '')]));

  function look(observation: EvidenceObservation): Evidence {
    const known = looked.get(observation);
    if (known) return known;
    const { candidates } = observation;
    const paragraphs = candidates.map(({ line }) => paragraphOf(line));
    const evidence = {
      paragraphs,
      answers: candidates.map(({ line }, index) => paragraphs[index] !== undefined && holdsAnswer(line)),
      leads: candidates.map(({ line }, index) =>
        namers.some((namesTitle, other) => other !== paragraphs[index] && namesTitle(line)),
      ),
    };
    looked.set(observation, evidence);
    return evidence;
  }

  /** What the teacher picks after `taken`, with what each is worth to it: more than 1 is evidence still missing. */
  function* picksAfter(
    observation: EvidenceObservation,
    { paragraphs, answers, leads }: Evidence,
    taken: readonly number[],
    random: Random,
  ): Generator<{ pick: number; worth: number }> {
    const answering = new Set(paragraphs.filter((_, index) => answers[index]));
    const held = new Set(taken.flatMap((pick) => paragraphs[pick] ?? []));
    let hasAnswer = taken.some((pick) => answers[pick]);
    const answerFirst = random.fraction() < 0.5 ? 1 : 0;
    const state = createPickState({ ...observation, taken });
    while (state.hasOpen()) {
      const worths = paragraphs.map((paragraph, index) => {
        if (paragraph === undefined) return 0;
        if (answers[index]) return hasAnswer ? 1 : 2 + answerFirst;
        if (held.has(paragraph) || (!hasAnswer && answering.has(paragraph))) return 1;
        return leads[index] ? 2 : 1.5;
      });
      const pick = bestPick(observation, worths, state);
      yield { pick, worth: worths[pick] ?? 0 };
      const paragraph = paragraphs[pick];
      if (paragraph !== undefined) held.add(paragraph);
      hasAnswer ||= answers[pick] === true;
      state.take(pick);
    }
  }

  return {
    read(observation, random) {
      const evidence = look(observation);
      const taken = takeBefore(observation, evidence, random);
      return [...taken, ...picksAfter(observation, evidence, taken, random).map(({ pick }) => pick)];
    },
    show(observation, random, before) {
      const evidence = look(observation);
      const taken = before ?? takeBefore(observation, evidence, random);
      let left = random.pick(others);
      const actions: number[] = [];
      for (const { pick, worth } of picksAfter(observation, evidence, taken, random)) {
        if (worth <= 1 && left-- === 0) break;
        actions.push(pick);
      }
      return { observation: { ...observation, taken }, actions };
    },
  };
}

/** What a teacher knows of each candidate. */
interface Evidence {
  /** Its supporting paragraph. */
  paragraphs: readonly (number | undefined)[];
  /** Whether it has the answer. */
  answers: readonly boolean[];
  /** Whether it names another supporting paragraph. */
  leads: readonly boolean[];
}

function takeBefore(
  observation: EvidenceObservation,
  { paragraphs, answers }: Evidence,
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
