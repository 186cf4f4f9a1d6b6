import { resolve } from 'node:path';
import { addDataSet, listDataSets } from '@memagent/eval';
import { exitCodes } from '../exit-codes.ts';
import type { Flags } from '../flags/flags.ts';
import { formatCount } from '../format/format-number.ts';
import { wrapText } from '../format/wrap-text.ts';
import { loadSettings } from '../settings/load-settings.ts';
import type { Shell } from '../shell.ts';

/** `memagent data list`: what can be loaded, where it comes from, and what was added. Returns the exit code. */
export async function listData(flags: Flags, shell: Shell): Promise<number> {
  const { home } = await loadSettings(flags, shell);
  const bold = shell.colours.stdout.bold;
  const width = shell.stdout.isTTY ? (shell.stdout.columns ?? 80) : Infinity;
  for (const { dataSet, added, missing } of await listDataSets(home)) {
    const state = added ? `added: ${added.files.join(', ')}` : 'not added';
    const lines = [
      bold(dataSet.name),
      `  ${dataSet.description}`,
      `  licence  ${dataSet.licence}`,
      `  get      ${dataSet.get} (${dataSet.homepage})`,
      `  files    ${dataSet.files.map(({ name }) => name).join(', ')}`,
      `  scoring  ${dataSet.scoring}`,
      `  ${state}`,
      ...(missing.length > 0 ? [`  missing: ${missing.join(', ')}`] : []),
    ];
    await shell.print(`${lines.map((line) => wrapText(line, width, ' '.repeat(11))).join('\n')}\n\n`);
  }
  return exitCodes.answered;
}

/** `memagent data add`: checks files and remembers where they are. Returns the exit code. */
export async function addData(
  name: string,
  files: readonly string[],
  flags: Flags,
  shell: Shell,
): Promise<number> {
  const { home } = await loadSettings(flags, shell);
  const paths = files.map((file) => resolve(shell.cwd, file));
  const { checkedItems, skipped } = await addDataSet(home, name, paths);
  shell.say(`Added ${name}: the first ${formatCount(checkedItems)} questions load.`);
  for (const { file, position, reason } of skipped.slice(0, 10))
    shell.say(`  ${file}, ${position}: ${reason}`);
  if (skipped.length > 10)
    shell.say(`  and ${formatCount(skipped.length - 10)} more rows that give no question`);
  return exitCodes.answered;
}
