/** Everything that `memagent train report` does: reads a run's folder and writes the page. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { packRollouts } from './pack-rollouts.ts';
import { readTrainingRun } from './read-training-run.ts';

export interface TrainingReportOptions {
  /** The folder of the run. */
  run: string;
  /** The HTML page. */
  out: string;
  /** Which steps' rollouts are wanted; default: all that were recorded. */
  rolloutSteps?: (step: number) => boolean;
  /** Most bytes that rollouts take in the page; where they are more, steps are left out evenly. Default 16 MiB. */
  mostRolloutBytes?: number;
}

/** Most bytes that rollouts take, unless told otherwise. */
const defaultRolloutBytes = 16 * 2 ** 20;

/** Writes the page. Throws `run-not-found` for a folder without a run, `invalid-option` for one without a step. */
export async function writeTrainingReport({
  run: folder,
  out,
  rolloutSteps = () => true,
  mostRolloutBytes = defaultRolloutBytes,
}: TrainingReportOptions): Promise<{ file: string; stepsLeftOut: number }> {
  // The chart library is large, and only reports need it.
  const { renderTrainingReport } = await import('./render-training-report.ts');
  const run = await readTrainingRun(folder);
  const wanted = run.rollouts.filter(({ step }) => rolloutSteps(step));
  const rollouts = await packRollouts(wanted, mostRolloutBytes);
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, renderTrainingReport(run, rollouts));
  return { file: out, stepsLeftOut: rollouts.leftOut };
}
