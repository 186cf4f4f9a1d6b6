/** Turns the arguments of a command into sources, with mistakes found before anything begins. */
import { messageOf, type SourceInput } from '@memagent/core';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Shell } from '../shell.ts';
import { usageError } from '../usage-error.ts';

export interface FoundSources {
  source: SourceInput;
  /** How people call them, for the progress. */
  names: string[];
  /** Size of all of them, where each is a file. */
  bytes?: number;
}

/** Sources by path; `-`, or none at all with something piped in, is standard input. */
export async function findSources(
  paths: readonly string[],
  shell: Shell,
  command = 'memagent ask "<question>"',
): Promise<FoundSources> {
  if (paths.length === 0 && shell.stdin.isTTY === true) {
    throw usageError(
      `No document was given. Name files or folders, or pipe a text in:\n  ${command} book.txt\n  cat book.txt | ${command}`,
    );
  }
  const given = paths.length === 0 ? ['-'] : paths;
  if (given.filter((path) => path === '-').length > 1) {
    throw usageError('Standard input (-) was given twice, and it can be read once. Name it once.');
  }
  const found: FoundSource[] = [];
  // One after the other, so that the first that is missing is the one that is named.
  for (const path of given) found.push(await findSource(path, shell));
  const bytes = found.reduce((sum, { bytes: size = Number.NaN }) => sum + size, 0);
  return {
    source: found.map(({ source }) => source),
    names: given.map((path) => (path === '-' ? 'standard input' : path)),
    ...(Number.isNaN(bytes) ? {} : { bytes }),
  };
}

interface FoundSource {
  source: SourceInput;
  bytes?: number;
}

async function findSource(path: string, { cwd, stdin }: Shell): Promise<FoundSource> {
  if (path === '-') return { source: { stream: stdin, name: 'stdin' } };
  if (/^https?:\/\//i.test(path)) {
    throw usageError(
      `${path} is an address; memagent reads files. Pipe it in: curl -sL ${path} | memagent ask "<question>" -`,
    );
  }
  const absolute = resolve(cwd, path);
  let found;
  try {
    found = await stat(absolute);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw missing(path, error);
    throw usageError(`Cannot read ${path}: ${messageOf(error)}.`, error);
  }
  if (found.isDirectory()) return { source: { directory: absolute } };
  return { source: { file: absolute }, ...(found.isFile() ? { bytes: found.size } : {}) };
}

function missing(path: string, cause: unknown): Error {
  return usageError(
    `There is no file or folder ${JSON.stringify(path)}. Check the path; if it belongs to the question, put the whole question into quotes: memagent ask "<question>" <source...>`,
    cause,
  );
}
