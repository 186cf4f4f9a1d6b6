/** For tests: a command that serves, in a process of its own, as a person starts it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const bin = fileURLToPath(new URL('bin.ts', import.meta.url));

export interface ServingProcess {
  /** The address, which is all that it prints. */
  url: string;
  /** What it said on standard error. */
  said: () => string;
  /** Resolves with its exit code. */
  kill: (signal: NodeJS.Signals) => Promise<number | null>;
}

/** Resolves when the command has printed its address. Killed at the end of the test. */
export async function startServing(
  argv: readonly string[],
  env: Record<string, string>,
): Promise<ServingProcess> {
  const child = spawn(process.execPath, ['--conditions=@memagent/source', bin, ...argv], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said += data.toString();
  });
  const exit = once(child, 'exit') as Promise<[number | null]>;
  const [url] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    exit.then(() => Promise.reject(new Error(said))),
  ])) as [string];
  return {
    url,
    said: () => said,
    async kill(signal) {
      child.kill(signal);
      const [code] = await exit;
      return code;
    },
  };
}
