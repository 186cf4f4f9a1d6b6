import { join, resolve } from 'node:path';
import { writeReport } from '@memagent/eval';
import type { ReportFlags } from '../evaluation-program.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Shell } from '../shell.ts';

/** `memagent report`: the results of evaluations as a page, tables and pictures. Returns the exit code. */
export async function report(folders: readonly string[], flags: ReportFlags, shell: Shell): Promise<number> {
  const dirs = folders.map((folder) => resolve(shell.cwd, folder));
  const { markdown, charts } = flags;
  const { files } = await writeReport({
    dirs,
    out: flags.out === undefined ? join(dirs[0] ?? shell.cwd, 'report.html') : resolve(shell.cwd, flags.out),
    ...(markdown === undefined ? {} : { markdown: resolve(shell.cwd, markdown) }),
    ...(charts === undefined ? {} : { charts: resolve(shell.cwd, charts) }),
  });
  for (const file of files) await shell.print(`${file}\n`);
  return exitCodes.answered;
}
