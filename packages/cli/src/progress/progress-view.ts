import type { RunEvent } from '@memagent/core';
import type { Shell } from '../shell.ts';
import { createProgress } from './progress.ts';

/** Shows a run while it is worked on. */
export interface ProgressView {
  /** An event of an earlier session, which counts and is not shown. */
  remember(event: RunEvent): void;
  show(event: RunEvent): void;
  /** Leaves the terminal as it was. Safe to call twice. */
  end(): void;
}

/** The view that suits standard error: a bar on a terminal, lines anywhere else, nothing when `isQuiet`. */
export async function createProgressView(
  shell: Shell,
  { bytes, isQuiet }: { bytes: number | undefined; isQuiet: boolean },
): Promise<ProgressView> {
  const progress = createProgress(bytes);
  if (isQuiet) return { remember: () => {}, show: () => {}, end: () => {} };
  if (shell.stderr.isTTY === true) {
    const { createProgressBar } = await import('./progress-bar.ts');
    return createProgressBar(shell, progress);
  }
  const { createProgressLog } = await import('./progress-log.ts');
  return createProgressLog(shell, progress);
}
