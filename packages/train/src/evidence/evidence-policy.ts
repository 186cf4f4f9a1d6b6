/** The evidence reader as a policy: the steps that users run, with each conversation drawn by the backend and recorded. */
import { noUsage, type Reader, type StepContext, type Update } from '@memagent/core';
import {
  createLexicon,
  type EvidenceObservation,
  type EvidenceSentence,
  type EvidenceStepInput,
  evidenceSentences,
  type EvidenceStepTools,
  prepareEvidenceStep,
} from '@memagent/core/evidence';
import type { TrainingBackend } from '../backend/backend.ts';
import type { Policy, RolloutSampling } from '../policy/policy.ts';
import { drawSeed } from '../rollout/draw-seed.ts';

export interface EvidencePolicyOptions {
  backend: TrainingBackend<EvidenceObservation>;
  tools: EvidenceStepTools;
}

/** No memory has more lines. */
const mostActions = 4096;

export function createEvidencePolicy({ backend, tools }: EvidencePolicyOptions): Policy<EvidenceObservation> {
  return {
    backend,
    createReader: (sampling) => createRecordedReader(backend, tools, sampling),
    describe: ({ observation, actions }) => ({
      observation: [
        `Budget: ${observation.budget} tokens`,
        ...observation.candidates.map(
          ({ line, isMemory }, index) => `${index}${isMemory ? ' (memory)' : ''}: ${line}`,
        ),
      ].join('\n'),
      action: actions
        .map((action) => `${action}: ${observation.candidates[action]?.line ?? 'stop'}`)
        .join('\n'),
    }),
  };
}

/** What steps need, with the sentences of paragraphs remembered: documents are made of the same ones again and again. */
export function createStepTools(sketch: Uint8Array, remembered = 30_000): EvidenceStepTools {
  const paragraphs = new Map<string, readonly EvidenceSentence[]>();
  return {
    lexicon: createLexicon(),
    sketch,
    sentencesOf(text, mark, lexicon) {
      const marks = [mark];
      return text.split(/(?<=\n\n)/).flatMap((part, index) => {
        let known = paragraphs.get(part);
        if (!known) {
          if (paragraphs.size >= remembered) paragraphs.clear();
          known = evidenceSentences(part, 1, lexicon);
          paragraphs.set(part, known);
        }
        const paragraph = mark * paragraphsOfSection + index;
        return known.map((sentence) => ({ ...sentence, marks, paragraph }));
      });
    },
  };
}

/** No section has as many paragraphs. */
const paragraphsOfSection = 65_536;

/** A reader whose picks are made by `pick`; writes no answer. */
export function createPickingReader(
  tools: EvidenceStepTools,
  settings: Reader['settings'],
  pick: (observation: EvidenceObservation, context: StepContext) => Promise<readonly number[]>,
): Reader {
  async function step(input: EvidenceStepInput, context: StepContext): Promise<Update> {
    const { observation, write } = prepareEvidenceStep(input, tools, context);
    const memory = write(await pick(observation, context));
    return { memory, outcome: 'updated', usage: { ...noUsage } };
  }

  return {
    name: 'evidence',
    settings,
    overhead: () => ({ update: 0, merge: 0, answer: 0 }),
    update: ({ question, memory, section }, context) =>
      step({ question, memories: [memory], section }, context),
    merge: ({ question, memories }, context) => step({ question, memories }, context),
    // The reward looks at the memory; quoting from it is not trained.
    answer: async () => ({ text: '', found: false, usage: { ...noUsage } }),
  };
}

function createRecordedReader(
  backend: TrainingBackend<EvidenceObservation>,
  tools: EvidenceStepTools,
  { temperature, topP, seed, record }: RolloutSampling<EvidenceObservation>,
): Reader {
  return createPickingReader(tools, { temperature, topP, seed }, async (observation, { step, signal }) => {
    const { actions, logprobs } = await backend.sample({
      observation,
      maxActions: mostActions,
      temperature,
      topP,
      seed: drawSeed(`${seed} ${step}`),
      signal,
    });
    record({ step, observation, actions, logprobs, isAnswer: false });
    return actions;
  });
}
