/** Everything that training the evidence reader needs, for the preset and for cross-fitting alike. */
import type { EvidenceObservation } from '@memagent/core/evidence';
import { createLexicon, evidenceSentences, sketchRarity } from '@memagent/core/evidence';
import { selectTokenizer } from '@memagent/core';
import { createRandom, type Random } from '@memagent/eval';
import { createCachingTokenizer } from './caching-tokenizer.ts';
import { createAgentWorkflow } from '../rollout/agent-workflow.ts';
import type { TrainingConfigInput } from '../trainer/training-config.ts';
import type { Demonstration, TrainingSetup } from '../trainer/training-setup.ts';
import { createEvidenceBackend, type EvidenceBackend } from './evidence-backend.ts';
import type { EvidenceData } from './evidence-data.ts';
import { createEvidencePolicy, createStepTools } from './evidence-policy.ts';
import { createParagraphRanking } from './rank-paragraphs.ts';
import { createTeacher, type Teacher } from './demonstrate.ts';
import { createMemoryScorer } from './evidence-reward.ts';
import { createSamples, observationsOn, evidenceRanges, type EvidenceSample } from './evidence-samples.ts';

/** Documents of one supervised step, and how many are made of each question before they are gone through again. */
const lessonsPerStep = 32;
const lessonRounds = 1;

/** Most of the policy's own picks before a teacher takes over. */
const mostOwnPicks = 24;

/** The recipe: a short supervised warm-up on a teacher's picks, then Multi-Conv DAPO. */
export const evidenceConfig: TrainingConfigInput = {
  seed: 42,
  steps: 12,
  questionsPerStep: 16,
  rolloutsPerQuestion: 8,
  miniBatchQuestions: 8,
  dynamicSampling: { maxDraws: 1 },
  adam: { learningRate: 7e-4 },
  warmUp: { steps: 450, learningRate: 3e-3, schedule: { kind: 'cosine', endFactor: 0.1 } },
  rolloutConcurrency: 8,
  recordEverySteps: 10,
};

export interface EvidenceSetup extends TrainingSetup<EvidenceObservation> {
  backend: EvidenceBackend;
}

interface Lesson {
  teacher: Teacher;
  observations: readonly EvidenceObservation[];
}

export async function createEvidenceSetup(
  data: EvidenceData,
  seed: number,
  version: string,
): Promise<EvidenceSetup> {
  const tokenizer = createCachingTokenizer(await selectTokenizer('o200k_base'));
  const sketch = countRarity(data);
  const backend = createEvidenceBackend({ seed, sketch, version });
  const rank = createParagraphRanking(data.pool);
  const sampleAt = createSamples(data, rank, seed);
  const lessonAt = createSamples(data, rank, seed + 1, evidenceRanges.lessonParagraphs);
  const lessons = lessonRounds * data.questions.length;
  const seen = new Map<number, Lesson>();
  const tools = createStepTools(sketch);
  const workflow = createAgentWorkflow((sample) => ({
    strategy: 'reread',
    memoryTokens: (sample as EvidenceSample).memoryTokens,
    tokenizer,
  }));
  async function prepare(sample: EvidenceSample): Promise<Lesson> {
    const teacher = createTeacher(sample.row);
    return { teacher, observations: await observationsOn(sample, teacher, workflow, tools) };
  }

  return {
    backend,
    policy: createEvidencePolicy({ backend, tools }),
    sampleAt,
    workflow,
    reward: ({ result }, sample) => createMemoryScorer((sample as EvidenceSample).row)(result.memory).reward,
    async demonstrationsAt(step) {
      const shown: Demonstration<EvidenceObservation>[] = [];
      for (let index = 0; index < lessonsPerStep; index++) {
        const position = (step - 1) * lessonsPerStep + index;
        const order = createRandom(`lessons ${seed} ${Math.floor(position / lessons)}`).shuffle(
          Array.from({ length: lessons }, (_, lesson) => lesson),
        );
        const lesson = order[position % lessons] ?? 0;
        const { teacher, observations } = seen.get(lesson) ?? (await prepare(lessonAt(lesson)));
        seen.set(lesson, { teacher, observations });
        const random = createRandom(`lesson ${seed} ${position}`);
        for (const observation of observations)
          shown.push(teacher.show(observation, random, await ownPicks(backend, observation, random)));
      }
      return shown;
    },
  };
}

/**
 * In half of the lessons, what the policy of this moment picks first: it learns to go on from its own mistakes as well
 * as from those of the rule.
 */
async function ownPicks(
  backend: EvidenceBackend,
  observation: EvidenceObservation,
  random: Random,
): Promise<readonly number[] | undefined> {
  if (random.fraction() < 0.5) return undefined;
  const maxActions = random.fraction() < 0.3 ? 0 : random.between(1, mostOwnPicks);
  const { actions } = await backend.sample({
    observation,
    maxActions,
    temperature: 1,
    topP: 1,
    seed: random.between(0, 0x7fff_ffff),
  });
  return actions.filter((action) => action < observation.candidates.length);
}

/** How rare terms are in the paragraphs that may be trained on. */
export function countRarity({ pool }: EvidenceData): Uint8Array {
  const lexicon = createLexicon();
  return sketchRarity(
    (function* () {
      for (const { text } of pool)
        for (const { terms } of evidenceSentences(text, 1, lexicon)) yield new Set(terms);
    })(),
  );
}
