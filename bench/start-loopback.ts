/** The loopback server in another process, so that its work is not counted as the client's. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoopbackServerOptions, LoopbackStats } from '@memagent/core/testing';

export interface LoopbackReport {
  stats: LoopbackStats;
  /** Most tokens that one request asked for, prompt and reply together. */
  longestRequest: number;
}

export interface LoopbackProcess extends AsyncDisposable {
  readonly baseUrl: string;
  report(): Promise<LoopbackReport>;
}

export async function startLoopbackProcess(
  options: Omit<LoopbackServerOptions, 'tokenizer' | 'template' | 'now'>,
): Promise<LoopbackProcess> {
  const child = fork(fileURLToPath(new URL('loopback-child.ts', import.meta.url)), [JSON.stringify(options)]);
  const receive = async (): Promise<unknown> => (await once(child, 'message'))[0];
  const baseUrl = (await receive()) as string;
  return {
    baseUrl,
    report() {
      const reply = receive();
      child.send('report');
      return reply as Promise<LoopbackReport>;
    },
    async [Symbol.asyncDispose]() {
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}
