/**
 * Trains the `smoke` preset through the command line, as a user would, and fails unless reinforcement learning, which
 * is all that it does, earned clearly more reward in its last batches than in its first. Run by continuous
 * integration.
 *
 *   npx node bench/train-smoke.ts [seed ...]        after npm run build; without seeds the preset's own
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Least that the mean task reward must rise, from the first so many batches to the last. */
const leastGain = 0.15;
const batches = 5;

const bin = fileURLToPath(new URL('../packages/cli/dist/bin.js', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'memagent-smoke-'));

/** The mean task reward of each batch of reinforcement learning, and how long the run took. */
async function train(out: string, ...flags: string[]): Promise<{ rewards: number[]; seconds: number }> {
  const args = [bin, 'train', '--preset', 'smoke', '--out', out, '--quiet', ...flags];
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`memagent train ended with ${code}.`);
  const seconds = (performance.now() - startedAt) / 1000;
  const lines = (await readFile(join(out, 'metrics.jsonl'), 'utf8')).trim().split('\n');
  const steps: { phase: string; reward: number }[] = lines.map((line) => JSON.parse(line));
  return { rewards: steps.filter(({ phase }) => phase === 'rl').map(({ reward }) => reward), seconds };
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}

try {
  const seeds = process.argv.length > 2 ? process.argv.slice(2) : [undefined];
  for (const seed of seeds) {
    const flags = seed === undefined ? [] : ['--seed', seed];
    const { rewards, seconds } = await train(join(folder, seed ?? 'own'), ...flags);
    const [first, last] = [mean(rewards.slice(0, batches)), mean(rewards.slice(-batches))];
    console.log(
      `smoke, seed ${seed ?? 'of the preset'}: reward ${first.toFixed(3)} in the first ${batches} batches, ${last.toFixed(3)} in the last; ${seconds.toFixed(0)} s`,
    );
    if (!(last - first > leastGain)) throw new Error('The smoke preset did not improve its reward.');
  }
} finally {
  await rm(folder, { recursive: true });
}
