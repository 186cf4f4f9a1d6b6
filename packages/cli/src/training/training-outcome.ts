/** What a training run came to, for people and as JSON. */
import type { TrainingEvent } from '@memagent/train';
import { formatCount, formatDuration } from '../format/format-number.ts';
import { quoteForShell } from '../format/quote-for-shell.ts';

export interface TrainingOutcome {
  preset: string;
  /** The folder of the run. */
  out: string;
  /** Steps of the run so far, warm-up included. */
  steps: number;
  /** Mean rewards of the first and the last steps of reinforcement learning that this session made; null without any. */
  rewardFirst: number | null;
  rewardLast: number | null;
  /** How many steps each of the two means is over. */
  rewardSteps: number;
  /** The newest checkpoint that this session saved. */
  checkpoint: string | null;
  /** Of all sessions of the run. */
  elapsedMs: number;
}

/** Steps at either end that the rewards are the means of, unless there are too few. */
const mostRewardSteps = 10;

/** Collects the outcome from a run's events. */
export function createTrainingOutcome(preset: string, out: string) {
  const rewards: number[] = [];
  let hasBegun = false;
  let steps = 0;
  let elapsedMs = 0;
  let checkpoint: string | null = null;
  return {
    hasBegun: () => hasBegun,
    apply(event: TrainingEvent): void {
      hasBegun = true;
      if (event.type === 'checkpoint-saved') checkpoint = event.folder;
      if (event.type === 'training-start') steps = event.step;
      if (event.type !== 'step-end') return;
      steps = event.metrics.step;
      elapsedMs = event.metrics.elapsedMs;
      if (event.metrics.phase === 'rl') rewards.push(event.metrics.reward);
    },
    result(): TrainingOutcome {
      const rewardSteps = Math.min(mostRewardSteps, Math.ceil(rewards.length / 2));
      return {
        preset,
        out,
        steps,
        rewardFirst: mean(rewards.slice(0, rewardSteps)),
        rewardLast: mean(rewards.slice(-rewardSteps)),
        rewardSteps,
        checkpoint,
        elapsedMs,
      };
    },
  };
}

/** The outcome as lines; `out` as it was typed. */
export function renderOutcome(outcome: TrainingOutcome, out: string): string {
  const { steps, elapsedMs, rewardFirst, rewardLast, rewardSteps, checkpoint } = outcome;
  const lines = [`steps       ${formatCount(steps)} in ${formatDuration(elapsedMs)}`];
  if (rewardFirst !== null && rewardLast !== null) {
    const over = rewardSteps === 1 ? 'step' : `${formatCount(rewardSteps)} steps`;
    lines.push(
      `reward      ${rewardFirst.toFixed(3)} → ${rewardLast.toFixed(3)}, the first and the last ${over}`,
    );
  }
  if (checkpoint !== null) lines.push(`checkpoint  ${checkpoint}`);
  lines.push(`page        memagent train report ${quoteForShell(out)}`);
  return `${lines.join('\n')}\n`;
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
