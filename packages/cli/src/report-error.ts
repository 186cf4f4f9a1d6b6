/** Tells the user what went wrong, and the shell how it ended. */
import { type ErrorCode, MemagentError, messageOf } from '@memagent/core';
import { exitCodes } from './exit-codes.ts';
import { withFlagNames } from './format/flag-names.ts';
import { plainText } from './format/plain-text.ts';
import type { Shell } from './shell.ts';

const bugs: ReadonlySet<ErrorCode> = new Set(['unexpected', 'script-exhausted']);

/** Says the error that ended a command on standard error and returns the exit code. */
export function reportError(error: unknown, shell: Shell): number {
  if (shell.signal.aborted) {
    shell.say('Interrupted.');
    return exitCodes.interrupted;
  }
  shell.say(`${shell.colours.stderr.red('memagent:')} ${plainText(withFlagNames(messageOf(error)))}`);
  if (!(error instanceof MemagentError)) {
    // Not foreseen, so a bug: the stack is what its report needs.
    if (error instanceof Error && error.stack !== undefined) shell.say(shell.colours.stderr.dim(error.stack));
    return exitCodes.unexpected;
  }
  if (error.resumable) return exitCodes.stopped;
  return bugs.has(error.code) ? exitCodes.unexpected : exitCodes.usage;
}
