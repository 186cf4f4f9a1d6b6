/** A training run's folder with made-up numbers, for tests of what reads it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StepMetrics } from '../trainer/metrics.ts';
import type { RolloutRecord } from '../trainer/rollout-record.ts';
import { checkTrainingConfig } from '../trainer/training-config.ts';

export interface SampleRunOptions {
  warmUpSteps: number;
  steps: number;
  /** What the documents and the policy say. */
  text?: string;
}

/** Writes the files of a run whose reward rises from 0 to 1; returns its rollouts. */
export async function writeSampleRun(
  folder: string,
  { warmUpSteps, steps, text = 'plain' }: SampleRunOptions,
): Promise<RolloutRecord[]> {
  const config = checkTrainingConfig({ seed: 7, steps, warmUp: { steps: warmUpSteps } });
  const all = Array.from({ length: warmUpSteps + steps }, (_, index) =>
    sampleMetrics(index + 1, { warmUpSteps, steps }),
  );
  const rollouts = all
    .filter(({ phase }) => phase === 'rl')
    .flatMap(({ step }) => [0, 1].map((rollout) => sampleRollout(step, rollout, text)));
  await mkdir(join(folder, 'rollouts'), { recursive: true });
  await writeFile(join(folder, 'training.json'), JSON.stringify({ name: 'sample', config }));
  await writeFile(join(folder, 'metrics.jsonl'), toLines(all));
  for (const [step, records] of Map.groupBy(rollouts, (record) => record.step)) {
    const name = `step-${String(step).padStart(6, '0')}.jsonl`;
    await writeFile(join(folder, 'rollouts', name), toLines(records));
  }
  return rollouts;
}

/** One step of such a run. */
export function sampleMetrics(
  step: number,
  { warmUpSteps, steps }: { warmUpSteps: number; steps: number },
): StepMetrics {
  const isWarmUp = step <= warmUpSteps;
  return {
    step,
    phase: isWarmUp ? 'warm-up' : 'rl',
    reward: isWarmUp ? 0.5 : (step - warmUpSteps - 1) / Math.max(1, steps - 1),
    shaped: isWarmUp ? {} : { evidence: 0.1 },
    penalties: {},
    groupsKept: isWarmUp ? 0 : 3,
    groupsDrawn: isWarmUp ? 0 : 4,
    groupsStale: 0,
    staleness: isWarmUp ? {} : { 0: 2, 1: 1 },
    rollouts: isWarmUp ? 0 : 8,
    rolloutsFailed: 0,
    conversations: 40,
    actions: 120,
    actionsPerConversation: 3,
    // An engine that does not tell: null in the file.
    entropy: Number.NaN,
    clipFraction: 0.004,
    kl: 0,
    drift: 0.0012,
    loss: -0.02,
    gradientNorm: 0.8,
    learningRate: 2e-4,
    optimSteps: step,
    tokensPerSecond: 12_345,
    elapsedMs: step * 1000,
  };
}

function sampleRollout(step: number, rollout: number, text: string): RolloutRecord {
  return {
    step,
    group: 0,
    rollout,
    sampleId: `sample/${step}`,
    question: text,
    answers: [text],
    answer: text,
    memory: text,
    reward: { task: rollout, shaped: {}, penalties: {} },
    advantage: rollout - 0.5,
    kept: true,
    conversations: [
      { step: 'update/1', isAnswer: false, observation: text, action: text, actions: 2, logprob: -0.5 },
      { step: 'answer', isAnswer: true, observation: text, action: text, actions: 1, logprob: -0.1 },
    ],
  };
}

function toLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}
