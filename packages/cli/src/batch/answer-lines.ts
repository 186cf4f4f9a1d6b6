/** Answers the lines of a batch, several at once, and writes one result for each. */
import {
  createBudget,
  MemagentError,
  messageOf,
  read,
  resume,
  type RunResult,
  type RunStore,
} from '@memagent/core';
import { defined } from '../defined.ts';
import { formatDuration, formatQuantity } from '../format/format-number.ts';
import { withFlagNames } from '../format/flag-names.ts';
import { oneLine } from '../format/plain-text.ts';
import { explainUnavailable } from '../model/explain-unavailable.ts';
import { writeClientNote } from '../reading/client-note.ts';
import type { PreparedReading } from '../reading/prepare-reading.ts';
import type { Shell } from '../shell.ts';
import { type BatchItem, hash, type ItemSurroundings, parseItem } from './batch-item.ts';
import type { BatchResult, BatchResults } from './batch-results.ts';

export interface BatchOptions {
  prepared: PreparedReading;
  surroundings: ItemSurroundings;
  results: BatchResults;
  store: RunStore;
  /** Documents at once. */
  concurrency: number;
  isQuiet: boolean;
  shell: Shell;
}

export interface BatchLine {
  /** From 1. */
  number: number;
  text: string;
}

/** How many lines came to what; `skipped` had their result before. */
export type BatchCounts = Record<BatchResult['status'] | 'skipped', number>;

/** What a batch came to. */
export interface BatchOutcome {
  counts: BatchCounts;
  /** The limit that ended it, in words. */
  stopped?: string;
}

/**
 * Lines are taken as workers become free, so the batch is never held whole. Ends early on an interruption, and at
 * the limits, which hold for all lines together. Throws where no line can be answered since the model is unusable.
 */
export async function answerLines(
  lines: AsyncGenerator<BatchLine>,
  { prepared, surroundings, results, store, concurrency, isQuiet, shell }: BatchOptions,
): Promise<BatchOutcome> {
  const counts: BatchCounts = { answered: 0, 'not-found': 0, failed: 0, skipped: 0 };
  const seen = new Map<string, number>();
  const { maxTokens, maxCost, maxTimeMs = Infinity, prices, ...session } = prepared.session;
  const shared: SharedSession = {
    ...session,
    ...(prices ? { prices } : {}),
    budget: createBudget(defined({ maxTokens, maxCost }), prices),
  };
  const endsAt = Date.now() + maxTimeMs;
  let end: MemagentError | undefined;
  const { model: _model, ...reading } = prepared.reading;
  // With another model or other settings the runs are others.
  const settings = hash([prepared.spec ?? null, reading]);

  function nameRun(item: BatchItem): string {
    // The same line once more is another run.
    const repeated = seen.get(item.key) ?? 0;
    seen.set(item.key, repeated + 1);
    return `batch-${hash([settings, item.key, repeated]).slice(0, 24)}`;
  }

  /** Undefined where there is nothing to write: the result is there already, or the user stops the batch. */
  async function resultOf({ number, text }: BatchLine): Promise<BatchResult | undefined> {
    let id = `line-${number}`;
    let runId: string | undefined;
    try {
      const item = await parseItem(text, number, surroundings);
      id = item.id;
      runId = nameRun(item);
      if (results.has(runId)) {
        counts.skipped += 1;
        return undefined;
      }
      const leftMs = Math.max(1, endsAt - Date.now());
      const limits = leftMs === Infinity ? {} : { maxTimeMs: leftMs };
      const result = await answerItem(item, runId, { ...prepared, session: { ...shared, ...limits } }, store);
      return { id, status: result.found ? 'answered' : 'not-found', ...result };
    } catch (error) {
      if (shell.signal.aborted) return undefined;
      if (error instanceof MemagentError && endsBatch(error)) {
        end ??= error;
        return undefined;
      }
      const code = error instanceof MemagentError ? error.code : 'unexpected';
      const message = shell.environment.redact(messageOf(error));
      const run = runId === undefined ? {} : { runId };
      return { id, status: 'failed', line: number, ...run, error: { code, message } };
    }
  }

  /** What would end every other line as well. */
  function endsBatch({ code, resumable }: MemagentError): boolean {
    if (code === 'model-unavailable') return !resumable && counts.answered + counts['not-found'] === 0;
    return code === 'limit-reached';
  }

  function tell(result: BatchResult): void {
    if (result.status === 'failed') {
      shell.say(shell.colours.stderr.red(`${result.id}: failed: ${oneLine(result.error.message)}`));
    } else if (!isQuiet) {
      const { id, status, sections, usage, elapsedMs } = result;
      const facts = [
        formatQuantity(sections, 'section'),
        formatQuantity(usage.calls, 'call'),
        formatDuration(elapsedMs),
      ];
      shell.say(`${id}: ${status} (${facts.join(', ')})`);
    }
  }

  const worker = async (): Promise<void> => {
    for await (const line of lines) {
      if (shell.signal.aborted || end) return;
      const result = await resultOf(line);
      if (result === undefined) continue;
      await results.write(result);
      counts[result.status] += 1;
      tell(result);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  if (end?.code === 'model-unavailable') throw await explainUnavailable(end, prepared.spec, shell);
  return { counts, ...(end ? { stopped: withFlagNames(end.message) } : {}) };
}

type SharedSession = PreparedReading['session'];

/** Takes up the item's run where there is one already. */
async function answerItem(
  { question, source }: BatchItem,
  runId: string,
  { reading, session, client }: PreparedReading,
  store: RunStore,
): Promise<RunResult> {
  const record = await store.get(runId);
  if (record?.result) return record.result;
  const options = { ...reading, ...session, store, runId, source };
  const run = record ? resume(options) : read({ ...options, question, client: writeClientNote(client) });
  return run.result;
}
