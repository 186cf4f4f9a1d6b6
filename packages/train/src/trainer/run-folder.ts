/** `training.json` says what a folder's run trains and how; a folder holds one run. */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MemagentError, messageOf } from '@memagent/core';
import { replaceDurably } from '../checkpoint/write-durably.ts';
import { writeFailed } from '../checkpoint/write-failed.ts';
import type { TrainingConfig } from './training-config.ts';

const descriptionFile = 'training.json';

/** What `training.json` holds. */
export interface RunDescription {
  name: string;
  config: TrainingConfig;
  /** The checkpoint whose weights the run began with; absent where it began with the preset's own. */
  from?: string;
}

/** Settings that may change from session to session: they decide how far, and what is kept, but not the weights. */
const sessionSettings: ReadonlySet<string> = new Set([
  'steps',
  'checkpointEverySteps',
  'checkpointEveryMs',
  'keepCheckpoints',
  'recordEverySteps',
  'recordGroups',
  'rolloutConcurrency',
  'tokenPrices',
]);

/**
 * Makes the folder of a new run, or takes up that of the same run; returns what it holds from now on. Throws
 * `invalid-option` and `settings-changed`.
 */
export async function openRunFolder(
  out: string,
  run: RunDescription,
  resume: boolean,
): Promise<RunDescription> {
  try {
    await mkdir(out, { recursive: true });
    const isEmpty = (await readdir(out)).length === 0;
    if (!isEmpty && !resume) {
      throw new MemagentError(
        `${out} is not empty. Give another folder, or resume (--resume) to go on with the run in it.`,
        { code: 'invalid-option', data: { option: 'out', folder: out } },
      );
    }
    const before = isEmpty ? undefined : await readRunDescription(out);
    if (before) requireSameRun(out, before, run);
    const described = { ...before, ...run };
    await replaceDurably(join(out, descriptionFile), `${JSON.stringify(described, null, 2)}\n`);
    return described;
  } catch (error) {
    throw writeFailed('the run', out, error);
  }
}

/** What the run in a folder trains and how. Throws `run-not-found`. */
export async function readRunDescription(out: string): Promise<RunDescription> {
  const path = join(out, descriptionFile);
  try {
    return JSON.parse(await readFile(path, 'utf8')) as RunDescription;
  } catch (error) {
    throw new MemagentError(
      `There is no training run in ${out}: ${path} cannot be read (${messageOf(error)}). Give the folder of a run, or an empty one without resume.`,
      { code: 'run-not-found', data: { path }, cause: error },
    );
  }
}

function requireSameRun(out: string, before: RunDescription, now: RunDescription): void {
  const differences = differingKeys(before.config, now.config);
  if (now.from !== undefined && now.from !== before.from) differences.unshift('from');
  if (before.name !== now.name) differences.unshift(`preset (${before.name}, now ${now.name})`);
  if (differences.length === 0) return;
  throw new MemagentError(
    `The run in ${out} was begun with other settings: ${differences.join(', ')} differ. Resume it with the same ones (see ${join(out, descriptionFile)}), or give another folder.`,
    { code: 'settings-changed', data: { folder: out, differences } },
  );
}

function differingKeys(before: TrainingConfig, now: TrainingConfig): string[] {
  // A learning rate that falls until the last step makes the number of steps part of what decides the weights.
  const decidesWeights = (key: string): boolean =>
    !sessionSettings.has(key) || (key === 'steps' && now.schedule.kind !== 'constant');
  return Object.keys(now).filter(
    (key) =>
      decidesWeights(key) &&
      // As it is in the file: what is not set is not there.
      JSON.stringify(before[key as keyof TrainingConfig]) !==
        JSON.stringify(now[key as keyof TrainingConfig]),
  );
}
