/**
 * The rollouts as they travel inside the page: of each step its JSON lines, gzipped, in base64. A page cannot hold
 * any number of them, so where they are too many every second, third, … step goes in, and the last one.
 */
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { RolloutFile } from './read-training-run.ts';

export interface PackedStep {
  step: number;
  base64: string;
}

export interface PackedRollouts {
  steps: readonly PackedStep[];
  /** Recorded steps that were wanted and are not in `steps`. */
  leftOut: number;
}

const compress = promisify(gzip);

/** Packs files, evenly thinned so that together they take at most `mostBytes`. */
export async function packRollouts(
  files: readonly RolloutFile[],
  mostBytes: number,
): Promise<PackedRollouts> {
  const packed: PackedStep[] = [];
  for (const { step, path } of files) {
    packed.push({ step, base64: (await compress(await readFile(path))).toString('base64') });
  }
  const steps = firstThatFits(packed, mostBytes);
  return { steps, leftOut: packed.length - steps.length };
}

function firstThatFits(packed: readonly PackedStep[], mostBytes: number): PackedStep[] {
  const last = packed.length - 1;
  for (let stride = 1; stride <= packed.length; stride += 1) {
    const chosen = packed.filter((_, index) => index % stride === 0 || index === last);
    if (chosen.reduce((sum, { base64 }) => sum + base64.length, 0) <= mostBytes) return chosen;
  }
  return [];
}
