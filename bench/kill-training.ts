/**
 * Kills training runs of real presets with SIGKILL and resumes them: they must end with the weights, the optimiser
 * and the metrics (but for times) of a run that was never stopped. Exits with 1 if they do not.
 *
 *   npm run bench:kill-training [-- <preset> <setting>...]    default: smoke warmUp.steps=6 steps=4 checkpointEverySteps=3
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createTemporaryFolder } from './temporary-folder.ts';

const [preset = 'smoke', ...given] = process.argv.slice(2);
const settings = given.length > 0 ? given : ['warmUp.steps=6', 'steps=4', 'checkpointEverySteps=3'];
const program = fileURLToPath(new URL('../packages/cli/src/bin.ts', import.meta.url));

function train(...flags: string[]): ChildProcess {
  const args = ['--conditions=@memagent/source', program, 'train', '--quiet', ...flags];
  return spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

const begin = (out: string): ChildProcess => train('--preset', preset, '--out', out, '--set', ...settings);

const readLines = async (out: string): Promise<string[]> =>
  (await readFile(join(out, 'metrics.jsonl'), 'utf8').catch(() => '')).split('\n').slice(0, -1);

async function finish(run: ChildProcess): Promise<void> {
  const [code] = await once(run, 'exit');
  if (code !== 0) throw new Error(`The run ended with ${code}.`);
}

/** Kills a run while it works on the step after `steps`. */
async function killAfter(run: ChildProcess, out: string, steps: number): Promise<void> {
  const exit = once(run, 'exit');
  while ((await readLines(out)).length < steps) {
    if (run.exitCode !== null) throw new Error(`The run ended with ${run.exitCode} before step ${steps}.`);
    await wait(50);
  }
  await wait(200);
  run.kill('SIGKILL');
  await exit;
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Hashes of what must be equal: the last checkpoint's files, and the metrics without times. */
async function hashesOf(out: string): Promise<Record<string, string>> {
  const last = join(out, 'checkpoints', (await readdir(join(out, 'checkpoints'))).toSorted().at(-1) ?? '');
  const files = (await readdir(last)).filter((name) => name !== 'trainer.json');
  const metrics = (await readLines(out)).map((line) => {
    const { elapsedMs: _elapsedMs, tokensPerSecond: _tokensPerSecond, ...rest } = JSON.parse(line);
    return JSON.stringify(rest);
  });
  return {
    ...Object.fromEntries(
      await Promise.all(files.map(async (name) => [name, sha256(await readFile(join(last, name)))])),
    ),
    'metrics.jsonl': sha256(metrics.join('\n')),
  };
}

await using folder = await createTemporaryFolder();
const [whole, killed] = [join(folder.path, 'whole'), join(folder.path, 'killed')];
await finish(begin(whole));
const steps = (await readLines(whole)).length;
const kills = [Math.floor(steps / 4), Math.floor((steps * 3) / 4)];
await killAfter(begin(killed), killed, kills[0] as number);
await killAfter(train('--resume', '--out', killed), killed, kills[1] as number);
await finish(train('--resume', '--out', killed));

const [expected, found] = [await hashesOf(whole), await hashesOf(killed)];
for (const [name, hash] of Object.entries(expected)) {
  console.log(`${found[name] === hash ? 'equal ' : 'DIFFERS'} ${name} ${hash.slice(0, 16)}`);
}
console.log(`${preset}: ${steps} steps, killed after ${kills.join(' and ')}`);
if (Object.entries(expected).some(([name, hash]) => found[name] !== hash)) process.exitCode = 1;
