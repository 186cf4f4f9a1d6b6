/** For tests: the command line in this process, with streams that are kept and no model but those it is given. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { runCli } from './main.ts';

export interface CliCall {
  code: number;
  stdout: string;
  stderr: string;
}

export interface CliSurroundings {
  env?: Record<string, string>;
  cwd?: string;
  stdin?: string | Readable;
  /** Both outputs, and standard input unless it is given, are terminals. */
  isTerminal?: boolean;
  signal?: AbortSignal;
  /** Hears of everything that is written to standard error, as it is written. */
  onStderr?: (text: string) => void;
}

/** A new folder for one test. */
export function createFolder(): string {
  return mkdtempSync(join(tmpdir(), 'memagent-cli-'));
}

/** Makes the function that calls the command line. Its runs are kept in a folder of their own. */
export function createCli(
  shared: CliSurroundings = {},
): (argv: string[], own?: CliSurroundings) => Promise<CliCall> {
  const home = createFolder();
  return async (argv, own = {}) => {
    const {
      isTerminal = false,
      signal = new AbortController().signal,
      cwd = home,
      stdin,
      onStderr,
    } = { ...shared, ...own };
    const stdout = createOutput(isTerminal);
    const stderr = createOutput(isTerminal, onStderr);
    const input =
      typeof stdin === 'string' ? Readable.from([Buffer.from(stdin)]) : (stdin ?? Readable.from([]));
    const code = await runCli({
      argv,
      // Port 9 is dead: a real Ollama on the developer's machine must not answer.
      env: { MEMAGENT_HOME: home, OLLAMA_HOST: '127.0.0.1:9', ...shared.env, ...own.env },
      cwd,
      stdin: Object.assign(input, { isTTY: isTerminal && stdin === undefined }),
      stdout: stdout.stream,
      stderr: stderr.stream,
      signal,
    });
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  };
}

function createOutput(isTTY: boolean, onText?: (text: string) => void) {
  let written = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written += chunk.toString();
      onText?.(chunk.toString());
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY, columns: 100 }), text: () => written };
}
