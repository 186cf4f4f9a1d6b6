/**
 * What the server keeps on the disk: one folder for each model that was trained, in it `run.json`, `weights/<name>/`
 * (to go on training) and `sampler_weights/<name>/` (to sample), each a whole checkpoint of the tiny model. Their
 * addresses are `tinker://<model>/<kind>/<name>`. A checkpoint gets its name when all of it is there. When it is to be
 * deleted stands beside it, in `.expires-<name>`; whoever looks next deletes it.
 */
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MemagentError, messageOf } from '@memagent/core';
import { z } from 'zod';
import { exists } from '../../trainer/exists.ts';
import { replaceDurably, syncPath, writeDurably } from '../../checkpoint/write-durably.ts';

export type CheckpointKind = 'weights' | 'sampler_weights';

export interface StoredCheckpoint {
  modelId: string;
  kind: CheckpointKind;
  name: string;
  path: string;
  time: Date;
  /** When it is deleted; absent where it stays. */
  expiresAt?: Date;
  bytes: number;
}

const runSchema = z.object({
  baseModel: z.string(),
  userMetadata: z.record(z.string(), z.unknown()).optional(),
});

export type StoredRun = z.output<typeof runSchema>;

const kinds = ['weights', 'sampler_weights'] as const;
const namePattern = /^[\w-][\w.:-]{0,254}$/;
const runFile = 'run.json';

export type CheckpointStore = ReturnType<typeof createCheckpointStore>;

export interface CheckpointStoreOptions {
  /** Seconds that checkpoints are kept which do not say so themselves. Default: for good. */
  keepSeconds?: number | undefined;
  /** Milliseconds. */
  now?: () => number;
}

/** A store in a folder, which is made when it is first written to. */
export function createCheckpointStore(
  folder: string,
  { keepSeconds, now = Date.now }: CheckpointStoreOptions = {},
) {
  const folderOf = (modelId: string, kind: CheckpointKind, name: string): string =>
    join(folder, requireName(modelId), kind, requireName(name));

  const expiryOf = (modelId: string, kind: CheckpointKind, name: string): string =>
    join(folderOf(modelId, kind, name), '..', `.expires-${name}`);

  async function remove(modelId: string, kind: CheckpointKind, name: string): Promise<void> {
    await rm(folderOf(modelId, kind, name), { recursive: true, force: true });
    await rm(expiryOf(modelId, kind, name), { force: true });
  }

  /** When a checkpoint is deleted, in milliseconds; it is if that has passed. */
  async function checkExpiry(
    modelId: string,
    kind: CheckpointKind,
    name: string,
  ): Promise<'expired' | number | undefined> {
    const text = await readFile(expiryOf(modelId, kind, name), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    if (Number(text) > now()) return Number(text);
    await remove(modelId, kind, name);
    return 'expired';
  }

  /** Has a checkpoint deleted after so many seconds; null: never. */
  async function setTtl(
    modelId: string,
    kind: CheckpointKind,
    name: string,
    ttlSeconds: number | null,
  ): Promise<void> {
    const file = expiryOf(modelId, kind, name);
    if (ttlSeconds === null) await rm(file, { force: true });
    else await replaceDurably(file, String(now() + ttlSeconds * 1000));
  }

  async function listRuns(): Promise<string[]> {
    return (await namesIn(folder)).toSorted();
  }

  /** The checkpoints of a model; deletes those whose time has passed. */
  async function list(modelId: string): Promise<StoredCheckpoint[]> {
    const found: StoredCheckpoint[] = [];
    for (const kind of kinds) {
      for (const name of await namesIn(join(folder, requireName(modelId), kind))) {
        const expiry = await checkExpiry(modelId, kind, name);
        if (expiry === 'expired') continue;
        const at = folderOf(modelId, kind, name);
        const { mtime } = await stat(at);
        const files = await Promise.all((await readdir(at)).map((file) => stat(join(at, file))));
        const bytes = files.reduce((sum, { size }) => sum + size, 0);
        const path = `tinker://${modelId}/${kind}/${name}`;
        const expires = expiry === undefined ? {} : { expiresAt: new Date(expiry) };
        found.push({ modelId, kind, name, path, time: mtime, bytes, ...expires });
      }
    }
    return found.toSorted((a, b) => a.time.getTime() - b.time.getTime());
  }

  return {
    parsePath,
    list,
    listRuns,
    remove,
    setTtl,

    /** Deletes every checkpoint whose time has passed. */
    async sweep(): Promise<void> {
      for (const modelId of await listRuns()) await list(modelId);
    },

    /** Writes a checkpoint by `fill`, replacing the one of that name; returns its address. */
    async save(
      modelId: string,
      kind: CheckpointKind,
      name: string,
      fill: (folder: string) => Promise<void>,
      ttlSeconds: number | undefined = keepSeconds,
    ): Promise<string> {
      const at = folderOf(modelId, kind, name);
      await mkdir(join(at, '..'), { recursive: true });
      const unfinished = await mkdtemp(join(at, '..', '.unfinished-'));
      await fill(unfinished);
      await syncPath(unfinished);
      await remove(modelId, kind, name);
      // First, so that nothing stays for good that was not to.
      if (ttlSeconds !== undefined) await setTtl(modelId, kind, name, ttlSeconds);
      await rename(unfinished, at);
      return `tinker://${modelId}/${kind}/${name}`;
    },

    /** The folder of a checkpoint. Throws `bad-checkpoint` where there is none. */
    async find(path: string): Promise<string> {
      const { modelId, kind, name } = parsePath(path);
      const at = folderOf(modelId, kind, name);
      if ((await checkExpiry(modelId, kind, name)) !== 'expired' && (await exists(at))) return at;
      throw new MemagentError(`There is no checkpoint ${path} on this server.`, {
        code: 'bad-checkpoint',
        data: { path },
      });
    },

    async writeRun(modelId: string, run: StoredRun): Promise<void> {
      await mkdir(join(folder, requireName(modelId)), { recursive: true });
      await writeDurably(join(folder, modelId, runFile), `${JSON.stringify(run)}\n`);
    },

    /** What was trained under an id, now or before the server was started anew. Throws `run-not-found`. */
    async readRun(modelId: string): Promise<StoredRun> {
      try {
        return runSchema.parse(
          JSON.parse(await readFile(join(folder, requireName(modelId), runFile), 'utf8')),
        );
      } catch (error) {
        throw new MemagentError(`This server has no model ${modelId} (${messageOf(error)}).`, {
          code: 'run-not-found',
          data: { modelId },
        });
      }
    },
  };
}

/** Takes an address apart. Throws `invalid-option`. */
function parsePath(path: string): { modelId: string; kind: CheckpointKind; name: string } {
  const [, modelId, kind, name] = /^tinker:\/\/([^/]+)\/(weights|sampler_weights)\/([^/]+)$/.exec(path) ?? [];
  if (modelId && kind && name) return { modelId, kind: kind as CheckpointKind, name };
  throw new MemagentError(
    `${JSON.stringify(path)} is not the address of a checkpoint; expected tinker://MODEL/weights/NAME or tinker://MODEL/sampler_weights/NAME.`,
    { code: 'invalid-option', data: { option: 'path', received: path } },
  );
}

async function namesIn(folder: string): Promise<string[]> {
  if (!(await exists(folder))) return [];
  return (await readdir(folder)).filter((name) => namePattern.test(name));
}

function requireName(name: string): string {
  if (namePattern.test(name)) return name;
  throw new MemagentError(
    `${JSON.stringify(name)} cannot be a name here; use letters, digits, "_", "-", ":" and "." (neither of them first).`,
    { code: 'invalid-option', data: { option: 'path', received: name } },
  );
}
