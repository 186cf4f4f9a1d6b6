import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sample } from '../glossary.ts';

/** A sample's document as a file, for as long as somebody reads it. */
export interface DocumentFiles {
  use<Result>(sample: Sample, read: (file: string) => Promise<Result>): Promise<Result>;
}

interface OpenFile {
  folder: Promise<string>;
  readers: number;
}

/**
 * Lends samples' documents as files in the system's temporary folder: the rollouts of a group, which read the same
 * document at the same time, share one. Removed when the last reader has ended.
 */
export function createDocumentFiles(): DocumentFiles {
  const files = new Map<Sample, OpenFile>();
  return {
    async use(sample, read) {
      const file = files.get(sample) ?? { folder: writeDocument(sample), readers: 0 };
      files.set(sample, file);
      file.readers += 1;
      try {
        return await read(join(await file.folder, documentName));
      } finally {
        file.readers -= 1;
        if (file.readers === 0) {
          files.delete(sample);
          const folder = await file.folder.catch(() => undefined);
          if (folder !== undefined) await rm(folder, { recursive: true, force: true });
        }
      }
    },
  };
}

const documentName = 'document.txt';

async function writeDocument(sample: Sample): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `memagent-sample-${process.pid}-`));
  try {
    await writeFile(join(folder, documentName), sample.document());
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return folder;
}
