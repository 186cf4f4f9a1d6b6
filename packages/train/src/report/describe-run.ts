import { formatCount, formatDuration } from '@memagent/eval/report';
import type { StepMetrics } from '../trainer/metrics.ts';
import { describeUsage } from './describe-usage.ts';
import type { TrainingRun } from './read-training-run.ts';

/** Steps at either end whose mean reward is told. */
const mostEndSteps = 10;

/** What was trained and what came of it, in sentences. */
export function describeRun({ name, config, metrics, usage }: TrainingRun): string[] {
  const training = metrics.filter(({ phase }) => phase === 'rl');
  const warmUp = metrics.length - training.length;
  const sum = (measure: (step: StepMetrics) => number): number =>
    training.reduce((total, step) => total + measure(step), 0);
  const sentences = [
    `Preset ${name}, seed ${config.seed}: ${formatCount(metrics.length)} of ${formatCount(config.warmUp.steps + config.steps)} steps in ${formatDuration(metrics.at(-1)?.elapsedMs ?? 0)}${warmUp === 0 ? '' : `, ${formatCount(warmUp)} of them supervised`}.`,
  ];
  if (usage) sentences.push(describeUsage(usage, config.tokenPrices));
  if (training.length === 0) return sentences;
  const ends = Math.min(mostEndSteps, Math.ceil(training.length / 2));
  const over = ends === 1 ? 'step' : `${formatCount(ends)} steps`;
  const failed = sum(({ rolloutsFailed }) => rolloutsFailed);
  return [
    ...sentences,
    `Reward ${meanReward(training.slice(0, ends))} over the first ${over} of reinforcement learning, ${meanReward(training.slice(-ends))} over the last ${over}.`,
    `${formatCount(sum(({ rollouts }) => rollouts))} rollouts in ${formatCount(sum(({ groupsDrawn }) => groupsDrawn))} groups, ${formatCount(sum(({ groupsKept }) => groupsKept))} of which had unequal rewards and were trained on; ${failed === 0 ? 'none failed' : `${formatCount(failed)} of them failed, with reward 0`}.`,
  ];
}

function meanReward(metrics: readonly StepMetrics[]): string {
  return (metrics.reduce((sum, { reward }) => sum + reward, 0) / metrics.length).toFixed(3);
}
