/** The command line, as a function of its host. */
import { CommanderError } from 'commander';
import { exitCodes } from './exit-codes.ts';
import type { Host } from './host.ts';
import { createProgram } from './program.ts';
import { createShell } from './shell.ts';

/**
 * Runs one command and returns its exit code. Never throws, and touches nothing but the host that it is given,
 * the network, and the files under the home folder.
 */
export async function runCli(host: Host): Promise<number> {
  let code: number = exitCodes.answered;
  const program = createProgram(host, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(host.argv, { from: 'user' });
    return code;
  } catch (error) {
    // What commander has to say, it has written.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.answered : exitCodes.usage;
    const { reportError } = await import('./report-error.ts');
    return reportError(error, createShell(host, !host.argv.includes('--no-color')));
  }
}
