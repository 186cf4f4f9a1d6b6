/** Connects the command line to the operating system: streams, signals, exit code. */
import process from 'node:process';
import { exitCodes } from './exit-codes.ts';
import { runCli } from './main.ts';
import { tuneHeap } from './tune-heap.ts';

const showCursor = '\u001B[?25h';

/** Runs the command line of this process and ends the process with its exit code. */
export async function runProcess(): Promise<void> {
  tuneHeap();
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) {
      // Asked twice: at once. The run is on disk up to its last committed step.
      if (process.stderr.isTTY) process.stderr.write(showCursor);
      process.exit(exitCodes.interrupted);
    }
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  // Whoever read the output has gone, as with `| head`: there is nobody left to tell.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => process.exit(0));

  const code = await runCli({
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    signal: controller.signal,
  });
  // Not `exitCode`: a standard input that nobody closes would keep the process alive.
  await flush(process.stdout);
  await flush(process.stderr);
  process.exit(code);
}

function flush(stream: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve());
  });
}
