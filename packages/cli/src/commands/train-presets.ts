import { presets } from '@memagent/train';
import { exitCodes } from '../exit-codes.ts';
import type { Flags } from '../flags/flags.ts';
import { wrapText } from '../format/wrap-text.ts';
import type { Shell } from '../shell.ts';

/** `memagent train presets`: what can be trained. Returns the exit code. */
export async function listPresets(flags: Flags, shell: Shell): Promise<number> {
  if (flags.json) {
    const list = presets.map(({ name, summary, config }) => ({ name, summary, config }));
    await shell.print(`${JSON.stringify(list, null, 2)}\n`);
    return exitCodes.answered;
  }
  const width = shell.stdout.isTTY ? (shell.stdout.columns ?? 80) : Infinity;
  const column = Math.max(...presets.map(({ name }) => name.length)) + 2;
  for (const { name, summary } of presets) {
    await shell.print(`${wrapText(`${name.padEnd(column)}${summary}`, width, ' '.repeat(column))}\n`);
  }
  return exitCodes.answered;
}
