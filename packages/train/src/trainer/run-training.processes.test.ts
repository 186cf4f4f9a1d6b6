/** What must hold when the process dies, shown with real ones. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { filesIn } from '../testing/files-in.ts';

const script = fileURLToPath(new URL('run-training.child.ts', import.meta.url));

/** Runs the child; resolves with the engine's calls it made, or with the signal that ended it. */
function trainUntilCall(out: string, call: number): Promise<string> {
  const args = ['--conditions=@memagent/source', script, out, String(call)];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, (error, stdout) => {
      if (error?.signal) resolve(error.signal);
      else if (error) reject(error);
      else resolve(stdout.trim());
    });
  });
}

test('a run that is killed again and again leaves the files of one that was not, byte for byte', async () => {
  const root = await mkdtemp(join(tmpdir(), 'memagent-kill-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const [whole, killed] = [join(root, 'whole'), join(root, 'killed')];
  const calls = Number(await trainUntilCall(whole, 0));
  // In the half of the reference's save, and twice in what is left.
  for (const call of [4, Math.floor(calls / 4), Math.floor(calls / 2)]) {
    expect(await trainUntilCall(killed, call)).toBe('SIGKILL');
  }
  expect(Number(await trainUntilCall(killed, 0))).toBeLessThan(calls);
  expect(await filesIn(killed)).toEqual(await filesIn(whole));
}, 120_000);
