/** What a training run left in its folder, as the report needs it. */
import { MemagentError } from '@memagent/core';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TokenCount } from '../backend/token-count.ts';
import type { StepMetrics } from '../trainer/metrics.ts';
import { readUsage } from '../trainer/usage-log.ts';
import { readRunDescription, type RunDescription } from '../trainer/run-folder.ts';

export interface TrainingRun extends RunDescription {
  /** One for each step, in order; numbers that are not finite are null, as JSON has them. */
  metrics: readonly StepMetrics[];
  /** Where the rollouts of the recorded steps are, in order. */
  rollouts: readonly RolloutFile[];
  /** Tokens of an engine elsewhere. */
  usage?: TokenCount;
}

/** A file of JSON lines, each a `RolloutRecord`. */
export interface RolloutFile {
  step: number;
  path: string;
}

/** Reads a run's folder. Throws `run-not-found` where there is none, and `invalid-option` where it has no step. */
export async function readTrainingRun(folder: string): Promise<TrainingRun> {
  const description = await readRunDescription(folder);
  const metrics = await readMetrics(join(folder, 'metrics.jsonl'));
  if (metrics.length === 0) {
    throw new MemagentError(`The run in ${folder} has not finished a step yet: there is nothing to report.`, {
      code: 'invalid-option',
      data: { folder },
    });
  }
  const usage = await readUsage(folder);
  const rollouts = await listRollouts(join(folder, 'rollouts'));
  return { ...description, metrics, rollouts, ...(usage ? { usage } : {}) };
}

/** The lines of a run that may still be going on: the last one counts when it is whole. */
async function readMetrics(path: string): Promise<StepMetrics[]> {
  const text = await readFile(path, 'utf8').catch(nothingWhereMissing(''));
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line): StepMetrics => JSON.parse(line));
}

async function listRollouts(folder: string): Promise<RolloutFile[]> {
  const names = await readdir(folder).catch(nothingWhereMissing<string[]>([]));
  return names
    .flatMap((name) => {
      const step = /^step-(\d+)\.jsonl$/.exec(name)?.[1];
      return step === undefined ? [] : [{ step: Number(step), path: join(folder, name) }];
    })
    .toSorted((a, b) => a.step - b.step);
}

function nothingWhereMissing<Nothing>(nothing: Nothing): (error: unknown) => Nothing {
  return (error) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return nothing;
    throw error;
  };
}
