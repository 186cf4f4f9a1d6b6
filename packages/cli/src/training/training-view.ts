import type { TrainingEvent } from '@memagent/train';
import type { Shell } from '../shell.ts';
import { createTrainingProgress } from './training-progress.ts';

/** Shows a training run while it goes. */
export interface TrainingView {
  show(event: TrainingEvent): void;
  /** Leaves the terminal as it was. Safe to call twice. */
  end(): void;
}

/** The view that suits standard error: live lines on a terminal, plain ones anywhere else, nothing when `isQuiet`. */
export async function createTrainingView(
  shell: Shell,
  { isQuiet }: { isQuiet: boolean },
): Promise<TrainingView> {
  if (isQuiet) return { show: () => {}, end: () => {} };
  const progress = createTrainingProgress();
  if (shell.stderr.isTTY === true) {
    const { createTrainingLines } = await import('./training-lines.ts');
    return createTrainingLines(shell, progress);
  }
  const { createTrainingLog } = await import('./training-log.ts');
  return createTrainingLog(shell, progress);
}
