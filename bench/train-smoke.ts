/**
 * Trains the `smoke` preset through the command line, as a user would, and fails unless what it ends with earns
 * clearly more reward than the untrained policy on the same documents. Prints beside it what reinforcement learning
 * alone came to. Run by continuous integration.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** Least that training must add to the mean task reward. */
const leastGain = 0.1;

const bin = fileURLToPath(new URL('../packages/cli/dist/bin.js', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'memagent-smoke-'));

/** One training run; returns what `--json` prints. */
async function train(name: string, ...flags: string[]) {
  const args = [bin, 'train', '--preset', 'smoke', '--out', join(folder, name), '--json', ...flags];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const printed = await text(child.stdout);
  const [code] = await closed;
  if (code !== 0) throw new Error(`memagent train ended with ${code}.`);
  return JSON.parse(printed);
}

try {
  const untrained = await train('untrained', '--steps', '1', '--set', 'warmUp.steps=0');
  const { rewardFirst, rewardLast, rewardSteps, elapsedMs } = await train('smoke');
  const before = untrained.rewardFirst;
  console.log(
    `smoke: reward ${before.toFixed(3)} untrained, ${rewardFirst.toFixed(3)} in the first ${rewardSteps} steps after warm-up, ${rewardLast.toFixed(3)} in the last; ${(elapsedMs / 1000).toFixed(0)} s of training`,
  );
  if (!(rewardLast - before > leastGain)) throw new Error('The smoke preset did not improve its reward.');
} finally {
  await rm(folder, { recursive: true });
}
