/** `trainer.json`: the trainer's state, and what every other file of the checkpoint must hash to. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '@memagent/core';
import { z } from 'zod';
import { type TrainerState, trainerStateSchema } from '../trainer/trainer-state.ts';
import { badCheckpoint } from './bad-checkpoint.ts';
import { syncPath, writeDurably } from './write-durably.ts';

const fileName = 'trainer.json';
const manifestSchema = z.strictObject({
  version: z.literal(1),
  state: trainerStateSchema,
  sha256: z.record(z.string(), z.string()),
});

const advice = 'Copy the checkpoint again, or remove its folder to go on from the one before it.';

/** Writes the manifest of what lies in the folder, and waits until all of it is on the disk. */
export async function writeManifest(folder: string, state: TrainerState): Promise<void> {
  const sha256: Record<string, string> = {};
  for (const name of (await readdir(folder)).toSorted()) {
    await syncPath(join(folder, name));
    sha256[name] = await hashFile(join(folder, name));
  }
  const manifest: z.input<typeof manifestSchema> = { version: 1, state, sha256 };
  await writeDurably(join(folder, fileName), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** The trainer's state, once every file is found to be what was written. Throws `bad-checkpoint`. */
export async function checkManifest(folder: string): Promise<TrainerState> {
  const { state, sha256 } = await readManifest(folder);
  for (const [name, expected] of Object.entries(sha256)) {
    const found = await hashFile(join(folder, name)).catch((error: unknown) => {
      throw badCheckpoint(folder, `${name} cannot be read (${messageOf(error)}). ${advice}`, error);
    });
    if (found !== expected) {
      throw badCheckpoint(
        folder,
        `${name} is damaged: its checksum is not the one that was written. ${advice}`,
      );
    }
  }
  return state;
}

async function readManifest(folder: string): Promise<z.output<typeof manifestSchema>> {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(join(folder, fileName), 'utf8')));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw badCheckpoint(folder, `${fileName} is missing or not one of memagent's: ${why}. ${advice}`, error);
  }
}

async function hashFile(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}
