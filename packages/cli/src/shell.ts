import { once } from 'node:events';
import { createColors } from 'picocolors';
import { type Environment, readEnvironment } from './environment.ts';
import { wrapText } from './format/wrap-text.ts';
import type { Host, Output } from './host.ts';

/** Functions that colour a text, or leave it as it is. */
export type Colours = ReturnType<typeof createColors>;

/** What a command works with: the host, its environment, and how to write. */
export interface Shell extends Omit<Host, 'env' | 'argv'> {
  environment: Environment;
  colours: { stdout: Colours; stderr: Colours };
  /** Writes a line to standard error, keys blackened, and wrapped if that is a terminal. */
  say(line: string): void;
  /** Writes to standard output, and waits while its reader is slower. */
  print(text: string): Promise<void>;
}

/** Makes the shell of a command. `isColoured` is false with `--no-color`. */
export function createShell(host: Host, isColoured: boolean): Shell {
  const environment = readEnvironment(host.env);
  const coloursOf = (output: Output): Colours =>
    createColors(isColoured && !environment.isColourless && output.isTTY === true);
  return {
    cwd: host.cwd,
    stdin: host.stdin,
    stdout: host.stdout,
    stderr: host.stderr,
    signal: host.signal,
    environment,
    colours: { stdout: coloursOf(host.stdout), stderr: coloursOf(host.stderr) },
    say(line) {
      const text = environment.redact(line);
      const width = host.stderr.isTTY ? (host.stderr.columns ?? 80) : Infinity;
      host.stderr.write(`${wrapText(text, width)}\n`);
    },
    async print(text) {
      if (!host.stdout.write(text)) await once(host.stdout, 'drain');
    },
  };
}
