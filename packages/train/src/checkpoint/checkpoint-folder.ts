/**
 * Checkpoints of a run: `checkpoints/step-000012/` holds the model in the Hugging Face layout as the backend wrote
 * it (`model.safetensors`, `config.json`, tokenizer files), `optimizer.safetensors`, and `trainer.json` with the
 * trainer's state and a checksum of every file. A folder is filled under another name and gets its own when all
 * of it is on the disk, so whatever has the name is whole.
 */
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { TrainingBackend } from '../backend/backend.ts';
import type { TrainerState } from '../trainer/trainer-state.ts';
import { checkManifest, writeManifest } from './manifest.ts';
import { syncPath } from './write-durably.ts';
import { writeFailed } from './write-failed.ts';

export interface Checkpoint {
  folder: string;
  step: number;
}

type Saved = Pick<TrainingBackend<unknown>, 'save' | 'discard'>;
type Loaded = Pick<TrainingBackend<unknown>, 'load'>;

const unfinishedPrefix = 'unfinished-';

/** The checkpoints in a run's folder, oldest first. */
export async function listCheckpoints(out: string): Promise<Checkpoint[]> {
  return (await entriesOf(checkpointsIn(out)))
    .flatMap((name) => {
      const step = /^step-(\d{6,})$/.exec(name)?.[1];
      return step === undefined ? [] : [{ folder: join(checkpointsIn(out), name), step: Number(step) }];
    })
    .toSorted((a, b) => a.step - b.step);
}

/** Saves one, then removes all but the newest `keep`. Returns its folder. Throws `store-failed`. */
export async function saveCheckpoint(
  out: string,
  backend: Saved,
  state: TrainerState,
  { keep }: { keep: number },
): Promise<string> {
  const folder = join(checkpointsIn(out), `step-${String(state.step).padStart(6, '0')}`);
  await saveFolder(folder, backend, state);
  for (const old of (await listCheckpoints(out)).slice(0, -keep)) {
    await backend.discard?.(old.folder);
    await rm(old.folder, { recursive: true, force: true });
  }
  return folder;
}

/** Saves into a folder that does not exist yet: it is there whole, or not at all. Throws `store-failed`. */
export async function saveFolder(folder: string, backend: Saved, state: TrainerState): Promise<void> {
  const parent = dirname(folder);
  const unfinished = join(parent, `${unfinishedPrefix}${basename(folder)}`);
  try {
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true });
    await backend.save(unfinished);
    await writeManifest(unfinished, state);
    await syncPath(unfinished);
    await rename(unfinished, folder);
    await syncPath(parent);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true }).catch(() => {});
    throw writeFailed('a checkpoint', folder, error);
  }
}

/** Checks a checkpoint and loads it into the backend; returns the trainer's state. Throws `bad-checkpoint`. */
export async function loadCheckpoint(folder: string, backend: Loaded): Promise<TrainerState> {
  const state = await checkManifest(folder);
  await backend.load(folder);
  return state;
}

/** Removes what a killed process left half written. */
export async function removeUnfinished(out: string): Promise<void> {
  for (const parent of [out, checkpointsIn(out)]) {
    for (const name of await entriesOf(parent)) {
      if (name.startsWith(unfinishedPrefix)) await rm(join(parent, name), { recursive: true, force: true });
    }
  }
}

function checkpointsIn(out: string): string {
  return join(out, 'checkpoints');
}

/** Names in a folder; none where it does not exist. */
async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
