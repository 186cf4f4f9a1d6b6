import { expect, test } from 'vitest';
import type { StepMetrics } from '../trainer/metrics.ts';
import { checkTrainingConfig } from '../trainer/training-config.ts';
import { train } from '../trainer/train.ts';
import { type EvidenceData, type EvidenceQuestionRow, loadEvidenceData } from './evidence-data.ts';
import { createEvidenceSetup } from './evidence-setup.ts';
import { createParagraphRanking } from './rank-paragraphs.ts';
import { createTeacher } from './demonstrate.ts';
import { sampleObservations } from './sample-observations.ts';
import { createRandom } from '@memagent/eval';
import type { EvidenceSample } from './evidence-samples.ts';

const all = await loadEvidenceData();
const data: EvidenceData = { questions: all.questions.slice(0, 12), pool: all.pool.slice(0, 80) };

/** Metrics without times, and the weights at the end. */
async function trainOnce(): Promise<{ metrics: StepMetrics[]; weights: Float32Array }> {
  const setup = await createEvidenceSetup(data, 5, 'test');
  const config = checkTrainingConfig({
    seed: 5,
    steps: 1,
    questionsPerStep: 3,
    rolloutsPerQuestion: 3,
    dynamicSampling: null,
    warmUp: { steps: 2, learningRate: 3e-3 },
  });
  const metrics: StepMetrics[] = [];
  for await (const event of train({ setup, config }))
    if (event.type === 'step-end') metrics.push(event.metrics);
  await setup.backend.close();
  return { metrics, weights: setup.backend.tensors['input.weight'] };
}

test('trains from lessons, then from rewards, and the same seed gives the same weights', async () => {
  const [one, other] = [await trainOnce(), await trainOnce()];
  expect(one.metrics.map(({ phase }) => phase)).toEqual(['warm-up', 'warm-up', 'rl']);
  expect(one.metrics[2]).toMatchObject({ groupsKept: 3, rolloutsFailed: 0 });
  expect(one.metrics.every(({ gradientNorm, loss }) => gradientNorm > 0 && Number.isFinite(loss))).toBe(true);
  expect(other.weights).toEqual(one.weights);
}, 120_000);

test('a sample is the same at its position, whatever was asked before', async () => {
  const setup = await createEvidenceSetup(data, 5, 'test');
  const textAt = async (position: number): Promise<string> => {
    let text = '';
    const sample = await setup.sampleAt(position);
    for await (const piece of sample.document()) text += piece;
    return `${sample.question} ${(sample as EvidenceSample).memoryTokens} ${text}`;
  };
  const first = await textAt(17);
  await textAt(3);
  expect(await textAt(17)).toBe(first);
  const questions = await Promise.all(data.questions.map((_, position) => setup.sampleAt(position)));
  expect(new Set(questions.map(({ question }) => question)).size).toBe(data.questions.length);
  await setup.backend.close();
});

const taughtRow: EvidenceQuestionRow = {
  id: '1',
  dataSet: 'hotpotqa',
  question: 'Where was the director of the film Dark Harbour born?',
  answers: ['Graz'],
  paragraphs: [
    {
      title: 'Dark Harbour',
      text: 'Dark Harbour is a film by Mira Kessler. The film was long.',
      supporting: true,
    },
    { title: 'Mira Kessler', text: 'Mira Kessler was born in Graz. She died in Linz.', supporting: true },
  ],
};

test('the teacher takes the evidence first', () => {
  const [observation] = sampleObservations;
  if (!observation) throw new Error('There is no observation.');
  const lineAt = (pick: number | undefined): string => observation.candidates[pick ?? -1]?.line ?? '';
  for (let seed = 0; seed < 20; seed++) {
    const random = createRandom(`${seed}`);
    const teacher = createTeacher(taughtRow);
    const { actions } = teacher.show(observation, random, []);
    const first = actions.slice(0, 2).map(lineAt).toSorted();
    expect(first[0]).toMatch(/^Dark Harbour is/);
    expect(first[1]).toMatch(/^Mira Kessler was born in Graz/);
    expect(actions.length).toBeLessThanOrEqual(4);
    const whole = teacher.read(observation, random);
    expect(new Set(whole).size).toBe(whole.length);
    expect(whole.map(lineAt)).toEqual(expect.arrayContaining(first));
  }
});

test('the teacher goes on from what a policy picked', () => {
  const [observation] = sampleObservations;
  if (!observation) throw new Error('There is no observation.');
  const indexOf = (start: string): number =>
    observation.candidates.findIndex(({ line }) => line.startsWith(start));
  const before = [indexOf('The film was long'), indexOf('Mira Kessler was born in Graz')];
  for (let seed = 0; seed < 20; seed++) {
    const shown = createTeacher(taughtRow).show(observation, createRandom(`${seed}`), before);
    expect(shown.observation.taken).toEqual(before);
    // Both paragraphs have a sentence, and the answer is there: what follows is not evidence.
    expect(shown.actions.length).toBeLessThanOrEqual(2);
    expect(shown.actions.some((action) => before.includes(action))).toBe(false);
  }
});

test('paragraphs that share rare words with the question come first', () => {
  const row = all.questions[0];
  const own = row?.paragraphs.find(({ supporting }) => supporting);
  if (!row || !own) throw new Error('There is no question.');
  const [best] = createParagraphRanking([...data.pool, own])(row.question, 3);
  expect(best).toBe(own);
});
