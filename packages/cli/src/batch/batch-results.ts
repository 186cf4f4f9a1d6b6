/**
 * The results of a batch, one line of JSON each. A file of results from before is taken up: what has a result
 * is not asked again, failures and a line that was cut short make room for new ones.
 */
import type { RunResult } from '@memagent/core';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { z } from 'zod';
import { usageError } from '../usage-error.ts';
import { readLines } from './read-lines.ts';

/** One line. */
export type BatchResult =
  | ({ id: string; status: 'answered' | 'not-found' } & RunResult)
  | { id: string; status: 'failed'; line: number; runId?: string; error: { code: string; message: string } };

export interface BatchResults {
  /** Whether the run has a result from before. */
  has(runId: string): boolean;
  /** Resolves when the line is written. */
  write(result: BatchResult): Promise<void>;
  close(): Promise<void>;
}

const lineSchema = z.object({
  id: z.string(),
  status: z.enum(['answered', 'not-found', 'failed']),
  runId: z.string().optional(),
});

/** How every line begins. */
const lineStart = '{"id":';

/** Results on standard output, through `print`; there is nothing from before. */
export function printedResults(print: (text: string) => Promise<void>): BatchResults {
  return {
    has: () => false,
    write: (result) => print(`${JSON.stringify(result)}\n`),
    async close() {},
  };
}

/** Results in a file, which is created, or taken up. Throws unless what is in it are results. */
export async function openResults(path: string): Promise<BatchResults> {
  const known = await takeUp(path);
  const file = await open(path, 'a');
  let last: Promise<unknown> = Promise.resolve();
  return {
    has: (runId) => known.has(runId),
    write(result) {
      // One after the other: two writes at once could mix their lines.
      const written = last.then(() => file.appendFile(`${JSON.stringify(result)}\n`));
      last = written.catch(() => {});
      return written;
    },
    close: () => file.close(),
  };
}

/** Keeps the lines with a result, each ended, and says which runs they are of. */
async function takeUp(path: string): Promise<Set<string>> {
  const known = new Set<string>();
  const kept = `${path}.kept`;
  const copy = createWriteStream(kept);
  try {
    let number = 0;
    let isCut = false;
    for await (const line of linesOf(path)) {
      // Only the last line can be half a result, as a process leaves it that was killed.
      if (isCut) throw notResults(path, number);
      number += 1;
      const result = readLine(line);
      if (result === undefined && !line.startsWith(lineStart)) throw notResults(path, number);
      isCut = result === undefined;
      if (result?.runId === undefined || result.status === 'failed') continue;
      known.add(result.runId);
      if (!copy.write(`${line}\n`)) await once(copy, 'drain');
    }
    copy.end();
    await finished(copy);
    if (number > 0) await rename(kept, path);
  } finally {
    copy.destroy();
    await rm(kept, { force: true });
  }
  return known;
}

async function* linesOf(path: string): AsyncGenerator<string> {
  try {
    yield* readLines(createReadStream(path));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

function readLine(line: string): z.output<typeof lineSchema> | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

function notResults(path: string, line: number): Error {
  return usageError(
    `${path} is not a file of batch results (line ${line} is none), and memagent does not overwrite other files. Choose another --out.`,
  );
}
