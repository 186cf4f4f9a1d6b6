import { fieldsOf, readRecords, type JsonSchema, type RunResult, type RunStore } from '@memagent/core';
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { exitCodes } from '../exit-codes.ts';
import type { Flags } from '../flags/flags.ts';
import { formatUsage } from '../format/format-usage.ts';
import type { Shell } from '../shell.ts';
import { usageError } from '../usage-error.ts';
import { type RecordFormat, recordLines } from './record-lines.ts';

/**
 * Writes the records of a run to the file `out`, or to standard output, and returns the exit code. With `--json`
 * standard output gets the result, with `--events` it has had the events.
 */
export async function printRecords(
  result: RunResult,
  { out, store, flags, shell }: { out: string | undefined; store: RunStore; flags: Flags; shell: Shell },
): Promise<number> {
  const { runId, extraction, answer } = result;
  const settings = (await store.get(runId))?.settings.readerSettings as { schema: JsonSchema };
  const fields = fieldsOf(settings.schema);
  const lines = (format: RecordFormat): AsyncGenerator<string> =>
    recordLines(readRecords(store, runId), format, fields);
  if (out !== undefined) await writeWhole(out, lines(formatOf(out)));
  if (flags.json) await shell.print(`${JSON.stringify(result, null, 2)}\n`);
  else if (out === undefined && !flags.events) {
    for await (const line of lines('jsonl')) await shell.print(line);
  }
  if (!flags.quiet) {
    for (const { section, message } of extraction?.dropped.first ?? []) {
      shell.say(shell.colours.stderr.yellow(`Missing from section ${section}: ${message}`));
    }
    const where = out === undefined ? '' : `, in ${out}`;
    shell.say(`${answer}${where}`);
    shell.say(shell.colours.stderr.dim(formatUsage(result)));
  }
  const { records = 0, pieces = 0 } = extraction?.dropped ?? {};
  if (records + pieces > 0) return exitCodes.stopped;
  return result.found ? exitCodes.answered : exitCodes.notFound;
}

/** Finds a mistake in the name of the file before anything is read. */
export async function checkOut(path: string): Promise<void> {
  formatOf(path);
  const folder = await stat(dirname(path)).catch(() => undefined);
  if (!folder?.isDirectory()) {
    throw usageError(
      `There is no folder ${dirname(path)} for ${basename(path)}. Create it, or choose another --out.`,
    );
  }
  const there = await stat(path).catch(() => undefined);
  if (there !== undefined && !there.isFile()) {
    throw usageError(`${path} is no file. Choose another --out.`);
  }
}

const formats: Readonly<Record<string, RecordFormat>> = {
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.csv': 'csv',
};

function formatOf(path: string): RecordFormat {
  const format = formats[extname(path).toLowerCase()];
  if (format) return format;
  throw usageError(`Records go to a .jsonl or .csv file; received --out ${path}.`);
}

/** The file is there with all lines, or as it was. */
async function writeWhole(path: string, lines: AsyncIterable<string>): Promise<void> {
  const part = `${path}.part`;
  try {
    await pipeline(lines, createWriteStream(part));
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
}
