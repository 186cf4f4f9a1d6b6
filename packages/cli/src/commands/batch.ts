/** `memagent batch`: every line of a file of questions, several at once. */
import {
  createSqliteRunStore,
  MemagentError,
  messageOf,
  read,
  resume,
  type RunResult,
  type RunStore,
} from '@memagent/core';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import { type BatchItem, hash, type ItemSurroundings, parseItem } from '../batch/batch-item.ts';
import { type BatchResult, type BatchResults, openResults, printedResults } from '../batch/batch-results.ts';
import { readLines } from '../batch/read-lines.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Flags } from '../flags/flags.ts';
import { formatDuration, formatQuantity } from '../format/format-number.ts';
import { oneLine } from '../format/plain-text.ts';
import { writeClientNote } from '../reading/client-note.ts';
import { type PreparedReading, prepareReading } from '../reading/prepare-reading.ts';
import { loadSettings } from '../settings/load-settings.ts';
import type { Shell } from '../shell.ts';
import { usageError } from '../usage-error.ts';

/** Documents at once, unless told otherwise. */
const defaultConcurrency = 4;

/** All that the answering of an item needs. */
interface Batch {
  prepared: PreparedReading;
  store: RunStore;
  /** Stands for the model and all settings: with others, the runs are others. */
  settingsHash: string;
}

export async function batch(file: string, flags: Flags, shell: Shell): Promise<number> {
  const surroundings = await checkFiles(file, flags, shell);
  const loaded = await loadSettings(flags, shell);
  const concurrency = loaded.settings.concurrency ?? defaultConcurrency;
  const prepared = await prepareReading({ ...loaded, settings: { ...loaded.settings, concurrency } }, shell, {
    isQuiet: flags.quiet === true,
  });
  const { model: _model, ...reading } = prepared.reading;
  const results =
    flags.out === undefined ? printedResults(shell.print) : await openResults(resolve(shell.cwd, flags.out));
  const store = createSqliteRunStore({ home: loaded.home });
  try {
    const settingsHash = hash([prepared.spec ?? null, reading]);
    const input = file === '-' ? shell.stdin : createReadStream(resolve(shell.cwd, file));
    const lines = numberLines(input, shell.signal);
    const counts = await answerLines(
      lines,
      concurrency,
      { prepared, store, settingsHash },
      surroundings,
      results,
      flags,
      shell,
    );
    const summary = [
      `${counts.answered} answered`,
      `${counts['not-found']} not found`,
      `${counts.failed} failed`,
      ...(counts.skipped > 0 ? [`${counts.skipped} had their result before`] : []),
    ].join(', ');
    if (shell.signal.aborted) {
      shell.say(`Interrupted: ${summary}. What was read is kept; the same command again goes on.`);
      return exitCodes.interrupted;
    }
    if (!flags.quiet || counts.failed > 0) shell.say(summary);
    return counts.failed > 0 ? exitCodes.stopped : exitCodes.answered;
  } finally {
    await results.close();
    await store.close();
  }
}

type Counts = Record<BatchResult['status'] | 'skipped', number>;

/** Lines are taken as workers become free, so the file is never held whole. */
async function answerLines(
  lines: AsyncGenerator<{ number: number; line: string }>,
  concurrency: number,
  work: Batch,
  surroundings: ItemSurroundings,
  results: BatchResults,
  flags: Flags,
  shell: Shell,
): Promise<Counts> {
  const counts: Counts = { answered: 0, 'not-found': 0, failed: 0, skipped: 0 };
  const seen = new Map<string, number>();

  async function answerLine(number: number, line: string): Promise<void> {
    let id = `line-${number}`;
    let runId: string | undefined;
    let result: BatchResult;
    try {
      const item = await parseItem(line, number, surroundings);
      id = item.id;
      // The same line once more is another run.
      const repeated = seen.get(item.key) ?? 0;
      seen.set(item.key, repeated + 1);
      runId = `batch-${hash([work.settingsHash, item.key, repeated]).slice(0, 24)}`;
      if (results.has(runId)) {
        counts.skipped += 1;
        return;
      }
      const answer = await answerItem(item, runId, work);
      result = { id, status: answer.found ? 'answered' : 'not-found', ...answer };
    } catch (error) {
      if (shell.signal.aborted) return;
      const code = error instanceof MemagentError ? error.code : 'unexpected';
      result = {
        id,
        status: 'failed',
        line: number,
        ...(runId === undefined ? {} : { runId }),
        error: { code, message: shell.environment.redact(messageOf(error)) },
      };
    }
    counts[result.status] += 1;
    await results.write(result);
    if (result.status === 'failed')
      shell.say(shell.colours.stderr.red(`${id}: failed: ${oneLine(result.error.message)}`));
    else if (!flags.quiet) {
      const { sections, usage, elapsedMs } = result;
      const facts = [
        formatQuantity(sections, 'section'),
        formatQuantity(usage.calls, 'call'),
        formatDuration(elapsedMs),
      ];
      shell.say(`${id}: ${result.status} (${facts.join(', ')})`);
    }
  }

  const worker = async (): Promise<void> => {
    for await (const { number, line } of lines) {
      if (shell.signal.aborted) return;
      await answerLine(number, line);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return counts;
}

/** Takes up the item's run where there is one already. */
async function answerItem(
  { question, source }: BatchItem,
  runId: string,
  { prepared, store }: Batch,
): Promise<RunResult> {
  const { reading, session, client } = prepared;
  const record = await store.get(runId);
  if (record?.result) return record.result;
  const options = { ...reading, ...session, store, runId, source };
  const run = record ? resume(options) : read({ ...options, question, client: writeClientNote(client) });
  return run.result;
}

/** Ends, without an error, where the user stops it. */
async function* numberLines(
  input: Readable,
  signal: AbortSignal,
): AsyncGenerator<{ number: number; line: string }> {
  let number = 0;
  try {
    for await (const line of readLines(addAbortSignal(signal, input))) {
      number += 1;
      if (line.trim() !== '') yield { number, line };
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Finds mistakes in the arguments before a model is looked for. */
async function checkFiles(file: string, flags: Flags, { cwd, stdin }: Shell): Promise<ItemSurroundings> {
  const common = flags.source ?? [];
  if (file === '-') {
    if (stdin.isTTY)
      throw usageError(
        'The batch is to come from standard input, which is a terminal. Pipe lines of JSON in.',
      );
    return { folders: [cwd], common };
  }
  const path = resolve(cwd, file);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile() && !found?.isFIFO()) {
    throw usageError(
      `There is no batch file ${JSON.stringify(file)}. Give a file of JSON lines {"question", "source"}.`,
    );
  }
  return { folders: [...new Set([dirname(path), cwd])], common };
}
