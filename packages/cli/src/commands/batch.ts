import { createSqliteRunStore } from '@memagent/core';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import { answerLines, type BatchCounts, type BatchLine } from '../batch/answer-lines.ts';
import type { ItemSurroundings } from '../batch/batch-item.ts';
import { openResults, printedResults } from '../batch/batch-results.ts';
import { readLines } from '../batch/read-lines.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Flags } from '../flags/flags.ts';
import { oneLine } from '../format/plain-text.ts';
import { prepareReading } from '../reading/prepare-reading.ts';
import { readSchema } from '../reading/read-schema.ts';
import { loadSettings } from '../settings/load-settings.ts';
import type { Shell } from '../shell.ts';
import { usageError } from '../usage-error.ts';

/** Documents at once, unless told otherwise. */
const defaultConcurrency = 4;

/** `memagent batch`: answers every line of a file of questions. Returns the exit code. */
export async function batch(file: string, flags: Flags, shell: Shell): Promise<number> {
  const { cwd, signal, stdin } = shell;
  const isQuiet = flags.quiet === true;
  const surroundings = await checkFiles(file, flags, shell);
  const schema = flags.schema === undefined ? {} : { schema: await readSchema(flags.schema, shell) };
  const loaded = await loadSettings(flags, shell);
  const concurrency = loaded.settings.concurrency ?? defaultConcurrency;
  const { reading, ...others } = await prepareReading(
    { ...loaded, settings: { ...loaded.settings, concurrency } },
    shell,
    { isQuiet },
  );
  const prepared = { ...others, reading: { ...reading, ...schema } };
  const results =
    flags.out === undefined ? printedResults(shell.print) : await openResults(resolve(cwd, flags.out));
  const store = createSqliteRunStore({ home: loaded.home });
  try {
    const lines = numberLines(file === '-' ? stdin : createReadStream(resolve(cwd, file)), signal);
    const { counts, stopped } = await answerLines(lines, {
      prepared,
      surroundings,
      results,
      store,
      concurrency,
      isQuiet,
      shell,
    });
    if (signal.aborted) {
      shell.say(`Interrupted: ${summaryOf(counts)}. What was read is kept; the same command again goes on.`);
      return exitCodes.interrupted;
    }
    if (stopped !== undefined) {
      shell.say(`${oneLine(stopped)}\n${summaryOf(counts)}. The same command, with new limits, goes on.`);
      return exitCodes.stopped;
    }
    if (!isQuiet || counts.failed > 0) shell.say(summaryOf(counts));
    return counts.failed > 0 ? exitCodes.stopped : exitCodes.answered;
  } finally {
    await results.close();
    await store.close();
  }
}

function summaryOf(counts: BatchCounts): string {
  return [
    `${counts.answered} answered`,
    `${counts['not-found']} not found`,
    `${counts.failed} failed`,
    ...(counts.skipped > 0 ? [`${counts.skipped} had their result before`] : []),
  ].join(', ');
}

/** Ends, without an error, where the user stops it. Blank lines count and are left out. */
async function* numberLines(input: Readable, signal: AbortSignal): AsyncGenerator<BatchLine> {
  let number = 0;
  try {
    for await (const text of readLines(addAbortSignal(signal, input))) {
      number += 1;
      if (text.trim() !== '') yield { number, text };
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Finds mistakes in the arguments before a model is looked for. */
async function checkFiles(file: string, flags: Flags, { cwd, stdin }: Shell): Promise<ItemSurroundings> {
  const common = flags.source ?? [];
  if (file === '-') {
    if (!stdin.isTTY) return { folders: [cwd], common };
    throw usageError('The batch is to come from standard input, which is a terminal. Pipe lines of JSON in.');
  }
  const path = resolve(cwd, file);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() || found?.isFIFO()) return { folders: [...new Set([dirname(path), cwd])], common };
  throw usageError(
    `There is no batch file ${JSON.stringify(file)}. Give a file of JSON lines {"question", "source"}.`,
  );
}
