/** The evidence reader as a policy: the steps that users run, with each conversation drawn by the backend and recorded. */
import { noUsage, type Reader, type StepContext, type Update } from '@memagent/core';
import {
  createLexicon,
  type EvidenceObservation,
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
  sketch: Uint8Array;
}

/** No memory has more lines. */
const mostActions = 4096;

export function createEvidencePolicy({
  backend,
  sketch,
}: EvidencePolicyOptions): Policy<EvidenceObservation> {
  const tools = createStepTools(sketch);
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

/** What steps need, with the sentences of the last sections remembered: the rollouts of a group read the same ones. */
export function createStepTools(sketch: Uint8Array, remembered = 256): EvidenceStepTools {
  const sections = new Map<string, ReturnType<typeof evidenceSentences>>();
  return {
    lexicon: createLexicon(),
    sketch,
    sentencesOf(text, mark, lexicon) {
      const key = `${mark} ${text}`;
      const known = sections.get(key);
      if (known) return known;
      const sentences = evidenceSentences(text, mark, lexicon);
      sections.set(key, sentences);
      const [oldest] = sections.keys();
      if (sections.size > remembered && oldest !== undefined) sections.delete(oldest);
      return sentences;
    },
  };
}

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
