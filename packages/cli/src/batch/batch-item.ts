/** One line of a batch: a question and its documents. */
import type { SourceInput } from '@memagent/core';
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { usageError } from '../usage-error.ts';

const text = z.strictObject({ text: z.string(), name: z.string().optional() });
const lineSchema = z.strictObject({
  id: z.union([z.string(), z.number()]).transform(String).optional(),
  question: z.string().trim().min(1),
  source: z.union([z.string().min(1), z.array(z.string().min(1)).min(1), text]).optional(),
  /** The text itself. */
  document: z.string().optional(),
});

export interface BatchItem {
  /** The line's own, else `line-<number>`. */
  id: string;
  question: string;
  source: SourceInput;
  /** The same for the same question of the same documents, so that an interrupted batch finds its runs again. */
  key: string;
}

export interface ItemSurroundings {
  /** Folders that relative paths are looked for in, in this order. */
  folders: readonly string[];
  /** Documents of lines that name none. */
  common: readonly string[];
}

/** Reads a line. Throws `invalid-option` for one that cannot be used. */
export async function parseItem(
  line: string,
  number: number,
  { folders, common }: ItemSurroundings,
): Promise<BatchItem> {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (error) {
    throw usageError(
      `Line ${number} is not JSON: ${JSON.stringify(line.slice(0, 80))}. Write one object per line.`,
      error,
    );
  }
  const { data, error } = lineSchema.safeParse(json);
  if (!data) {
    const [issue] = error.issues;
    const where = issue?.path.length ? `${issue.path.join('.')}: ` : '';
    throw usageError(
      `Line ${number} cannot be used: ${where}${issue?.message}. Accepted are id, question, and source (a path, a list of paths, or {"text"}) or document (the text).`,
    );
  }
  const { id, question, source, document } = data;
  if (source !== undefined && document !== undefined) {
    throw usageError(`Line ${number} has both source and document. Leave one of them out.`);
  }
  const given = document === undefined ? source : { text: document };
  const paths =
    typeof given === 'string' ? [given] : Array.isArray(given) ? given : given === undefined ? common : [];
  if (given === undefined && paths.length === 0) {
    throw usageError(
      `Line ${number} names no document: give it a source or document, or the batch a --source.`,
    );
  }
  const files = await Promise.all(paths.map((path) => findFile(path, number, folders)));
  const ownText = given !== undefined && typeof given === 'object' && 'text' in given ? given : undefined;
  return {
    id: id ?? `line-${number}`,
    question,
    source: ownText ? definedText(ownText) : files.map(({ source: file }) => file),
    key: hash([id ?? null, question, ownText ?? files.map(({ version }) => version)]),
  };
}

function definedText({ text: content, name }: z.output<typeof text>): SourceInput {
  return { text: content, ...(name === undefined ? {} : { name }) };
}

/** `version` changes when the file does, so that an answer from an older one is not taken for the new one's. */
async function findFile(
  path: string,
  number: number,
  folders: readonly string[],
): Promise<{ source: SourceInput; version: unknown }> {
  for (const folder of folders) {
    const absolute = resolve(folder, path);
    const found = await stat(absolute).catch(() => undefined);
    if (found?.isDirectory()) return { source: { directory: absolute }, version: absolute };
    if (found) return { source: { file: absolute }, version: [absolute, found.size, found.mtimeMs] };
  }
  throw usageError(
    `Line ${number} names ${JSON.stringify(path)}, and there is no such file or folder in ${folders.join(' or ')}. Check the path.`,
  );
}

/** A digest of anything that JSON can hold. */
export function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
