/** What must hold when the trainer or the server dies, shown with real processes. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { faultBaseModels, outcomeOf, runFaultTraining } from '../testing/fault-run.ts';
import { serveTinker } from './server/serve-tinker.ts';

const script = fileURLToPath(new URL('faults.child.ts', import.meta.url));
const serverScript = fileURLToPath(new URL('faults.server.child.ts', import.meta.url));

/** Runs the child; resolves with what it printed, or with the signal that ended it. */
function trainUntil(out: string, url: string, operation = '', number = 0): Promise<string> {
  const args = ['--conditions=@memagent/source', script, out, url, operation, String(number)];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, (error, stdout) => {
      if (error?.signal) resolve(error.signal);
      else if (error) reject(error);
      else resolve(stdout.trim());
    });
  });
}

test('a trainer that is killed at every stage of a step ends with the weights of one that was not', async () => {
  const root = await mkdtemp(join(tmpdir(), 'memagent-trainer-kill-'));
  const folder = join(root, 'server');
  const server = await serveTinker({ folder, baseModels: faultBaseModels() });
  onTestFinished(async () => {
    await server.close();
    await rm(root, { recursive: true });
  });
  const [whole, killed] = [join(root, 'whole'), join(root, 'killed')];
  expect(await trainUntil(whole, server.url)).toBe('done');
  const stages = [
    ['asample', 3],
    ['forward_backward', 2],
    ['optim_step', 1],
    ['save_weights', 1],
    ['save_weights_for_sampler', 2],
  ] as const;
  for (const [operation, number] of stages) {
    expect(await trainUntil(killed, server.url, operation, number)).toBe('SIGKILL');
  }
  expect(await trainUntil(killed, server.url)).toBe('done');
  expect(await outcomeOf(killed, folder)).toEqual(await outcomeOf(whole, folder));
}, 300_000);

interface ServerProcess {
  url: string;
  /** Ends it as the machine would; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Starts the server in a process of its own; resolves when it listens. */
async function startServer(folder: string, port = '0'): Promise<ServerProcess> {
  const args = ['--conditions=@memagent/source', serverScript, folder, port];
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  onTestFinished(kill);
  const listens = once(child.stdout!, 'data').then(([line]) => String(line).trim());
  const url = await Promise.race([listens, gone.then(() => undefined)]);
  if (url === undefined) throw new Error('The server ended before it listened.');
  return { url, kill };
}

test('a server that is killed in the middle of a step and of a checkpoint leaves the weights of one that was not', async () => {
  const root = await mkdtemp(join(tmpdir(), 'memagent-server-kill-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const folder = join(root, 'server');
  let server = await startServer(folder);
  const { url: baseUrl } = server;
  const train = async (out: string, fetch: typeof globalThis.fetch, wait = async () => {}) =>
    Array.fromAsync(
      runFaultTraining({ out, connection: { baseUrl, apiKey: 'tml-x', fetch }, wait }),
      (event) => (event.type === 'notice' ? event.code : undefined),
    );
  const [whole, killed] = [join(root, 'whole'), join(root, 'killed')];
  await train(whole, fetch);

  const kills = new Map([
    ['forward_backward', 2],
    ['save_weights', 1],
  ]);
  let restarted: Promise<void> | undefined;
  /** Like a supervisor: the server is started again as soon as it is gone. */
  const killAndRestart = async (): Promise<void> => {
    await server.kill();
    server = await startServer(folder, new URL(baseUrl).port);
  };
  const killing: typeof fetch = async (input, init) => {
    const operation = new URL(String(input)).pathname.split('/').at(-1) ?? '';
    const left = (kills.get(operation) ?? 0) - 1;
    if (!kills.has(operation)) return fetch(input, init);
    kills.set(operation, left);
    if (left !== 0) return fetch(input, init);
    const answer = fetch(input, init);
    // The request is on its way, or being worked on: what holds must hold for either.
    restarted = killAndRestart();
    return answer;
  };
  const notices = await train(killed, killing, async () => restarted);
  expect([...kills.values()].filter((left) => left > 0)).toEqual([]);
  expect(notices.filter((code) => code === 'engine-lost').length).toBeGreaterThanOrEqual(kills.size);
  expect(await outcomeOf(killed, folder)).toEqual(await outcomeOf(whole, folder));
}, 300_000);
