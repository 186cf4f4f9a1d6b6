/**
 * Documents that clients have sent, each in a folder of its own: `<folder>/<id>/file.json` and, under its own name,
 * `<folder>/<id>/content/<filename>`. A file has its id only once all of it is there.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const storedFileSchema = z.object({
  id: z.string(),
  filename: z.string(),
  bytes: z.int(),
  /** Milliseconds since the epoch. */
  createdAt: z.number(),
  /** The run that the file belongs to, with which it is deleted; absent for files that a client uploaded by themselves. */
  runId: z.string().optional(),
});

export type StoredFile = z.output<typeof storedFileSchema>;

export interface NewFile {
  filename: string;
  runId?: string;
  content: AsyncIterable<Uint8Array | string>;
}

export interface FileStore {
  /** Keeps a file as it streams in. When the stream fails, nothing is kept, and its error is thrown. */
  add(file: NewFile): Promise<StoredFile>;
  find(id: string): Promise<StoredFile | undefined>;
  /** Newest first; those that belong to runs are left out. */
  list(): Promise<StoredFile[]>;
  /** Absolute path of a file's content. */
  pathOf(file: StoredFile): string;
  /** Deletes a file; one that is not there is as good as deleted. */
  delete(id: string): Promise<void>;
  /** Removes what nobody has written to since `time` (milliseconds since the epoch): a process that died had begun it. */
  sweep(time: number): Promise<void>;
}

const idPattern = /^file-[0-9a-f]{32}$/;
const unfinished = '.incoming-';

/** Makes a store in a folder, which is created when it is first written to. */
export function createFileStore(folder: string): FileStore {
  const read = async (id: string): Promise<StoredFile> =>
    storedFileSchema.parse(JSON.parse(await readFile(join(folder, id, 'file.json'), 'utf8')));

  const names = async (): Promise<string[]> => {
    try {
      return await readdir(folder);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  };

  const find = async (id: string): Promise<StoredFile | undefined> => {
    if (!idPattern.test(id)) return undefined;
    try {
      return await read(id);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };

  return {
    find,
    pathOf: ({ id, filename }) => join(folder, id, 'content', filename),

    async add({ filename, runId, content }) {
      const id = `file-${randomUUID().replaceAll('-', '')}`;
      const incoming = join(folder, unfinished + id);
      const name = safeName(filename);
      try {
        await mkdir(join(incoming, 'content'), { recursive: true, mode: 0o700 });
        // What a run brought is asked for again after a power cut; an upload is thought to be kept.
        const bytes = await write(join(incoming, 'content', name), content, runId === undefined);
        const file: StoredFile = {
          id,
          filename: name,
          bytes,
          createdAt: Date.now(),
          ...(runId === undefined ? {} : { runId }),
        };
        await writeFile(join(incoming, 'file.json'), JSON.stringify(file));
        await rename(incoming, join(folder, id));
        return file;
      } catch (error) {
        await rm(incoming, { recursive: true, force: true });
        throw error;
      }
    },

    async list() {
      const files: StoredFile[] = [];
      for (const id of await names()) {
        const file = await find(id);
        if (file !== undefined && file.runId === undefined) files.push(file);
      }
      return files.toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
    },

    async delete(id) {
      if (idPattern.test(id)) await rm(join(folder, id), { recursive: true, force: true });
    },

    async sweep(time) {
      for (const name of await names()) {
        if (!name.startsWith(unfinished)) continue;
        const { mtimeMs } = await stat(join(folder, name)).catch(() => ({ mtimeMs: time }));
        if (mtimeMs < time) await rm(join(folder, name), { recursive: true, force: true });
      }
    },
  };
}

async function write(
  path: string,
  content: AsyncIterable<Uint8Array | string>,
  isDurable: boolean,
): Promise<number> {
  await using handle = await open(path, 'wx', 0o600);
  let bytes = 0;
  for await (const piece of content) {
    const block = typeof piece === 'string' ? Buffer.from(piece) : piece;
    await handle.writeFile(block);
    bytes += block.length;
  }
  if (isDurable) await handle.sync();
  return bytes;
}

/** The last part of a name that a client gave, as one that every file system takes. */
export function safeName(filename: string): string {
  const last = filename.split(/[/\\]/).at(-1) ?? '';
  const name = last
    .normalize('NFC')
    // eslint-disable-next-line no-control-regex -- these are what is to go
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}<>:"|?*]/gu, '_')
    .replace(/^\.+/, '')
    .replace(/[. ]+$/, '');
  if (name === '') return 'file';
  // Ends of names say what is in a file: the middle goes.
  return Buffer.byteLength(name) <= 200
    ? name
    : `${[...name].slice(0, 24).join('')}…${[...name].slice(-24).join('')}`;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
