/** The documents that a request names, as sources that a run can open again after the server's death. */
import { MemagentError, type SourceInput, type SourceSpec } from '@memagent/core';
import { z } from 'zod';
import type { FileStore, StoredFile } from '../files/file-store.ts';
import type { FileGate } from './file-gate.ts';
import type { UrlGate } from './url-gate.ts';

export const documentInputSchema = z
  .union([
    z.strictObject({ fileId: z.string() }).meta({ description: 'A file that was uploaded.' }),
    z.strictObject({ text: z.string().min(1), name: z.string().min(1).max(200).optional() }),
    z.strictObject({ sample: z.string() }).meta({ description: 'One of the samples that the server has.' }),
    z
      .strictObject({ path: z.string().min(1) })
      .meta({ description: 'A file or folder of the server, where it was started with a root.' }),
    z
      .strictObject({ url: z.string().min(1) })
      .meta({ description: 'A document of a host that the server was allowed to ask.' }),
  ])
  .meta({ id: 'DocumentInput' });

export type DocumentInput = z.output<typeof documentInputSchema>;

/** A document to try the agent with. */
export interface Sample {
  id: string;
  title: string;
  /** Absolute path. */
  file: string;
  /** Questions that it answers. */
  questions: readonly string[];
}

export interface DocumentResolver {
  /** Throws `invalid-option` or `source-unreadable` for what is not there or not allowed; then nothing is kept. */
  resolve(
    documents: readonly DocumentInput[],
    runId: string,
    signal: AbortSignal,
  ): Promise<ResolvedDocuments>;
}

export interface ResolvedDocuments {
  source: SourceInput[];
  /** Files that were made for the run, and are deleted with it. */
  owned: StoredFile[];
}

export interface ResolverOptions {
  files: FileStore;
  fileGate: FileGate;
  urlGate: UrlGate;
  samples: readonly Sample[];
}

export function createDocumentResolver({
  files,
  fileGate,
  urlGate,
  samples,
}: ResolverOptions): DocumentResolver {
  return {
    async resolve(documents, runId, signal) {
      const owned: StoredFile[] = [];
      const open = async (document: DocumentInput): Promise<SourceInput> => {
        if ('fileId' in document) return { file: files.pathOf(await requireFile(files, document.fileId)) };
        if ('text' in document) return { text: document.text, name: document.name ?? 'text' };
        if ('sample' in document) return { file: findSample(samples, document.sample).file };
        if ('path' in document) return fileGate.open(document.path);
        const opened = await urlGate.open(document.url, signal);
        if (!('stream' in opened)) return opened;
        // Kept as a whole before it is read: a run that is resumed must not depend on the network.
        const { stream, name = 'document', ...rest } = opened as Extract<SourceSpec, { stream: unknown }>;
        const file = await files.add({
          filename: name,
          runId,
          content: stream as AsyncIterable<Uint8Array>,
        });
        owned.push(file);
        return { file: files.pathOf(file), ...rest };
      };
      const source: SourceInput[] = [];
      try {
        for (const document of documents) source.push(await open(document));
      } catch (error) {
        for (const { id } of owned) await files.delete(id);
        throw error;
      }
      return { source, owned };
    },
  };
}

function findSample(samples: readonly Sample[], id: string): Sample {
  const sample = samples.find((one) => one.id === id);
  if (sample) return sample;
  throw new MemagentError(
    `There is no sample ${JSON.stringify(id)}; there are ${samples.map((one) => one.id).join(', ') || 'none'}.`,
    { code: 'invalid-option', data: { option: 'sample' } },
  );
}

async function requireFile(files: FileStore, id: string): Promise<StoredFile> {
  const file = await files.find(id);
  if (file) return file;
  throw new MemagentError(`There is no file ${JSON.stringify(id)} on this server. Upload it first.`, {
    code: 'invalid-option',
    data: { option: 'fileId' },
  });
}
