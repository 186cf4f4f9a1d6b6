/** A training run in words: what the terminal's lines and the log are put together from. */
import type { StepMetrics } from '@memagent/train';
import { formatCount, formatDuration, formatShort } from '../format/format-number.ts';
import type { TrainingState } from './training-progress.ts';

/** Where it is: `warm-up step 12/300`, speed, time left. */
export function placeWords({ step, steps, metrics, remainingMs }: TrainingState): string[] {
  const isWarmUp = metrics?.phase === 'warm-up';
  return [
    `${isWarmUp ? 'warm-up ' : ''}step ${formatCount(step)}/${formatCount(steps)}`,
    ...(remainingMs === undefined
      ? []
      : [`${isWarmUp ? 'warm-up ' : ''}ETA ${formatDuration(Math.max(1000, remainingMs))}`]),
    ...(metrics ? [`${formatShort(metrics.tokensPerSecond)} tokens/s`] : []),
  ];
}

/** What the last step measured, the reward left out. */
export function measureWords(metrics: StepMetrics): string[] {
  const gradient = `gradient ${metrics.gradientNorm.toPrecision(2)}`;
  const entropy = Number.isFinite(metrics.entropy) ? [`entropy ${metrics.entropy.toFixed(2)}`] : [];
  if (metrics.phase === 'warm-up') return [`loss ${metrics.loss.toPrecision(3)}`, ...entropy, gradient];
  return [
    `${formatCount(metrics.groupsKept)}/${formatCount(metrics.groupsDrawn)} groups kept`,
    `length ${metrics.actionsPerConversation.toFixed(1)}`,
    ...entropy,
    `clipped ${(100 * metrics.clipFraction).toFixed(1)}%`,
    `KL ${metrics.kl === 0 ? '0' : metrics.kl.toPrecision(2)}`,
    gradient,
    ...Object.entries({ ...metrics.shaped, ...metrics.penalties }).map(
      ([name, value]) => `${name} ${value.toFixed(2)}`,
    ),
  ];
}

/** `reward 0.412`; for warm-up, whose reward is another thing, `probability 0.412`. */
export function rewardWord({ phase, reward }: StepMetrics): string {
  return `${phase === 'warm-up' ? 'probability' : 'reward'} ${reward.toFixed(3)}`;
}
