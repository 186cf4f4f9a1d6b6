import { join, resolve } from 'node:path';
import { writeTrainingReport } from '@memagent/train';
import { exitCodes } from '../exit-codes.ts';
import { formatCount } from '../format/format-number.ts';
import type { Shell } from '../shell.ts';
import type { TrainReportFlags } from '../training-program.ts';
import { parseStepList } from '../training/parse-step-list.ts';

/** `memagent train report`: a training run as a page. Returns the exit code. */
export async function reportTraining(folder: string, flags: TrainReportFlags, shell: Shell): Promise<number> {
  const run = resolve(shell.cwd, folder);
  const { rolloutSteps, rolloutMegabytes } = flags;
  const { file, stepsLeftOut } = await writeTrainingReport({
    run,
    out: flags.out === undefined ? join(run, 'report.html') : resolve(shell.cwd, flags.out),
    ...(rolloutSteps === undefined ? {} : { rolloutSteps: parseStepList(rolloutSteps) }),
    ...(rolloutMegabytes === undefined ? {} : { mostRolloutBytes: rolloutMegabytes * 2 ** 20 }),
  });
  await shell.print(`${file}\n`);
  if (stepsLeftOut > 0 && !flags.quiet) {
    shell.say(
      `The rollouts of ${formatCount(stepsLeftOut)} steps are not in the page, to keep it small: see --rollout-steps and --rollout-megabytes.`,
    );
  }
  return exitCodes.answered;
}
