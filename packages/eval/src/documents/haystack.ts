/** The text that needles are hidden in: a book of the package, or a file of the user's. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { MemagentError, messageOf } from '@memagent/core';
import { sentencesOf } from './sentences.ts';

export interface Haystack {
  /** For reports: the book, or the file's name and the beginning of its hash. */
  name: string;
  sentences: readonly string[];
}

const book = join(import.meta.dirname, '../../data/haystack/great-expectations.txt.gz');

/** Loads a UTF-8 text file, gzipped or not; the bundled book without a path. */
export async function loadHaystack(path?: string): Promise<Haystack> {
  const { text, hash } = await readText(path ?? book);
  const name = path === undefined ? 'Great Expectations' : `${basename(path)} (${hash})`;
  // The book is split in its file, so that its sentences are the same whatever Unicode data a runtime has.
  const sentences = path === undefined ? text.trimEnd().split('\n') : sentencesOf(text);
  if (sentences.length === 0) throw unreadable(path ?? book, 'it holds no text');
  return { name, sentences };
}

/** The sentences over and over, as RULER repeats its essays. */
export function* repeatSentences({ sentences }: Haystack): Generator<string> {
  for (;;) yield* sentences;
}

async function readText(path: string): Promise<{ text: string; hash: string }> {
  try {
    const bytes = await readFile(path);
    const plain = path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
    const hash = createHash('sha256').update(plain).digest('hex').slice(0, 8);
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(plain), hash };
  } catch (error) {
    throw unreadable(path, messageOf(error), error);
  }
}

function unreadable(path: string, reason: string, cause?: unknown): MemagentError {
  return new MemagentError(
    `Cannot read the haystack ${path}: ${reason}. Give a UTF-8 text file, gzipped or not.`,
    { code: 'source-unreadable', data: { path }, cause },
  );
}
