import type { RunResult } from '@memagent/core';
import { exitCodes } from '../exit-codes.ts';
import type { Flags } from '../flags/flags.ts';
import { formatCitations } from '../format/format-citations.ts';
import { formatUsage } from '../format/format-usage.ts';
import { plainText } from '../format/plain-text.ts';
import { wrapText } from '../format/wrap-text.ts';
import type { Shell } from '../shell.ts';

/**
 * Prints what a run came to, and returns its exit code. Standard output gets the answer alone, so that it can be
 * piped on; on a terminal the citations follow it there. With `--events` the answer was among the events.
 */
export async function printResult(result: RunResult, flags: Flags, shell: Shell): Promise<number> {
  const { stdout, colours } = shell;
  const isTerminal = stdout.isTTY === true;
  const width = stdout.columns ?? 80;
  if (flags.json) await shell.print(`${JSON.stringify(result, null, 2)}\n`);
  else if (!flags.events) {
    const { answer, object } = result;
    const shown = object === undefined ? answer : JSON.stringify(object, null, 2);
    await shell.print(isTerminal ? `\n${wrapText(plainText(shown), width)}\n` : `${answer}\n`);
  }
  const isPlain = !flags.json && !flags.events;
  if (!flags.quiet && isPlain && result.citations.length > 0) {
    if (isTerminal) {
      const lines = formatCitations(result.citations, { colours: colours.stdout, width });
      await shell.print(`\n${lines.join('\n')}\n\n`);
    } else shell.say(formatCitations(result.citations, { colours: colours.stderr }).join('\n'));
  }
  if (!flags.quiet) shell.say(colours.stderr.dim(formatUsage(result)));
  return result.found ? exitCodes.answered : exitCodes.notFound;
}
