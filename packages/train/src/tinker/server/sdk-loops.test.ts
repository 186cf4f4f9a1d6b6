/** The official Python SDK drives the server. Skipped where `python3` (or `TINKER_PYTHON`) has no package `tinker`. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { serveTinker } from './serve-tinker.ts';

const python = process.env['TINKER_PYTHON'] ?? 'python3';
const script = fileURLToPath(new URL('../../../scripts/tinker-sdk-loops.py', import.meta.url));

function hasSdk(): boolean {
  try {
    execFileSync(python, ['-c', 'import tinker'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test.skipIf(!hasSdk())(
  'the official SDK learns, by imitation and by reward, and goes on from what it saved',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'memagent-sdk-'));
    const server = await serveTinker({ folder });
    onTestFinished(async () => {
      await server.close();
      await rm(folder, { recursive: true });
    });
    const { stdout } = await promisify(execFile)(python, [script, server.url]);
    const { supervised, rewards, before, after } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
      supervised: number[];
      rewards: number[];
      before: number;
      after: number;
    };
    expect(supervised.at(-1)).toBeLessThan((supervised[0] ?? 0) / 4);
    expect(rewards.at(-1)).toBeGreaterThan((rewards[0] ?? 0) + 0.2);
    expect(after).toBe(before);
  },
  300_000,
);
