/** For tests: results as `memagent eval` and `memagent train` leave them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes the folders `an evaluation` and `a training` into a folder. */
export async function writeResults(folder: string): Promise<void> {
  const evaluation = join(folder, 'an evaluation');
  const training = join(folder, 'a training');
  await mkdir(evaluation);
  await mkdir(join(training, 'rollouts'), { recursive: true });
  const records = [record(1, 1024), record(2, 1024), record(3, 2048), record(4, 2048), record(5, 2 ** 20)];
  await writeFile(join(evaluation, 'results.jsonl'), toLines(records));
  await writeFile(join(training, 'training.json'), JSON.stringify({ name: 'smoke', config: { seed: 1 } }));
  await writeFile(join(training, 'metrics.jsonl'), toLines([step(1), step(2), step(3)]));
  await writeFile(join(training, 'rollouts', 'step-3.jsonl'), toLines([rollout]));
}

function toLines(values: readonly unknown[]): string {
  return `${values.map((value) => JSON.stringify(value)).join('\n')}\n`;
}

/** Even ones are right. */
function record(index: number, tokens: number): object {
  const isRight = index % 2 === 0;
  return {
    key: `${index}`,
    item: `niah/${index}`,
    task: 'niah',
    subject: 'loopback',
    strategy: 'memory',
    tokens,
    meta: { length: tokens },
    question: 'What is the key?',
    answers: ['42'],
    metric: 'string-match-all',
    runId: `run-${index}`,
    settings: {},
    versions: { memagent: '0.1.0', node: '24' },
    at: index,
    status: 'scored',
    prediction: isRight ? '42' : '41',
    found: true,
    score: isRight ? 1 : 0,
    evidence: { ever: null, atEnd: null },
    citationPrecision: null,
    usage: {
      promptTokens: 9,
      completionTokens: 1,
      cachedTokens: 0,
      reasoningTokens: 0,
      calls: 1,
      retries: 0,
    },
    sections: 1,
    elapsedMs: 5,
  };
}

function step(number: number): object {
  return {
    step: number,
    phase: 'rl',
    reward: number / 10,
    groupsKept: 1,
    groupsDrawn: 2,
    rollouts: 4,
    rolloutsFailed: 0,
    entropy: null,
    clipFraction: 0,
    kl: 0,
    drift: 0.1,
    loss: 1,
    gradientNorm: 1,
    learningRate: 1e-4,
    elapsedMs: 1000,
  };
}

const rollout = {
  step: 3,
  group: 0,
  rollout: 1,
  sampleId: 's',
  question: '<b>Who?</b>',
  answers: ['Ada'],
  answer: 'Ada',
  memory: '',
  reward: { task: 1 },
  advantage: 0.5,
  kept: true,
  conversations: [
    { step: 'update/1', isAnswer: false, observation: 'seen', action: 'done', actions: 1, logprob: -1 },
  ],
};
