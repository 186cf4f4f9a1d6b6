/** `tinker.json`: where the engine keeps what a checkpoint stands for. The weights stay on the engine's machines. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '@memagent/core';
import { z } from 'zod';
import { badCheckpoint } from '../checkpoint/bad-checkpoint.ts';
import { writeDurably } from '../checkpoint/write-durably.ts';

const schema = z.strictObject({
  version: z.literal(1),
  baseModel: z.string(),
  /** The server, for those who only have the checkpoint. */
  baseUrl: z.string().optional(),
  /** Weights and optimiser, to go on training. */
  statePath: z.string().startsWith('tinker://'),
  /** Weights to sample from. */
  samplerPath: z.string().startsWith('tinker://'),
});

export type SavedState = z.output<typeof schema>;

const fileName = 'tinker.json';

export async function writeSavedState(folder: string, state: SavedState): Promise<void> {
  await writeDurably(join(folder, fileName), `${JSON.stringify(state, undefined, 2)}\n`);
}

/** Throws `bad-checkpoint`. */
export async function readSavedState(folder: string): Promise<SavedState> {
  const path = join(folder, fileName);
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw badCheckpoint(path, `it is not the checkpoint of a remote engine: ${why}`, error);
  }
}
