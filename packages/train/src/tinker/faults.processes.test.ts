/** What must hold when the trainer dies, shown with real processes. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { faultBaseModels, outcomeOf } from '../testing/fault-run.ts';
import { serveTinker } from './server/serve-tinker.ts';

const script = fileURLToPath(new URL('faults.child.ts', import.meta.url));

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
