import type { Readable, Writable } from 'node:stream';

/** Where the command line writes: a terminal has `isTTY` and `columns`. */
export type Output = Writable & { isTTY?: boolean | undefined; columns?: number | undefined };

/** What the operating system gives a command line; handed in, so that tests need no process. */
export interface Host {
  /** Arguments after the program's name. */
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  /** Absolute; relative paths are taken from here. */
  cwd: string;
  stdin: Readable & { isTTY?: boolean | undefined };
  stdout: Output;
  stderr: Output;
  /** Aborted by the first Ctrl-C. */
  signal: AbortSignal;
}
