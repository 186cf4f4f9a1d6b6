/** Ask a question of a document of any length. */
import type { FlexibleSchema } from 'ai';
import { MemagentError } from '../errors.ts';
import { defaultHome } from '../home.ts';
import { restoreEvidenceReader } from '../evidence/evidence-reader-settings.ts';
import { restoreModelReader } from '../reader/model-reader-settings.ts';
import type { AnswerSchema } from '../structured/answer-schema.ts';
import { openSources } from '../source/open-sources.ts';
import { recordSources } from '../source/list-sources.ts';
import { mayHoldSeveral } from '../source/may-hold-several.ts';
import type { SourceInput, SourceRecord } from '../source/source.ts';
import { createRunId } from '../store/create-run-id.ts';
import type { RunStore } from '../store/run-store.ts';
import { createSqliteRunStore } from '../store/sqlite-run-store.ts';
import { createCommittedSteps } from './committed-steps.ts';
import { leaseStore, type StoreLease } from './lease-store.ts';
import { prepareReading, type Reading } from './prepare-reading.ts';
import {
  checkOptions,
  defaultConcurrency,
  type ReaderName,
  readerNames,
  type ReadingOptions,
  type ReadOptions,
  type ResumeOptions,
  type SessionOptions,
} from './read-options.ts';
import { replayEvents } from './replay.ts';
import { runAgent } from './run-agent.ts';
import { createRunBudget, joinBudgets } from './run-budget.ts';
import type { Run, StructuredResult } from './run.ts';
import type { RunSettings } from './settings.ts';
import { requireSameSettings } from './settings-difference.ts';
import { type RunSession, startRun } from './start-run.ts';

/**
 * Reads a document section by section and answers the question from the memory that it keeps. Starts at once.
 * Throws `invalid-option` for misuse; everything else settles `result`.
 *
 * @example
 * const run = read({ model, question: 'Who wrote the letter?', source: { file: 'book.txt' } });
 * for await (const event of run) console.log(event.type);
 * const { answer, citations } = await run.result;
 */
export function read<T>(options: ReadOptions & { schema: FlexibleSchema<T> }): Run<StructuredResult<T>>;
export function read(options: ReadOptions): Run;
export function read(options: ReadOptions): Run {
  checkOptions(options);
  const now = Date.now;
  const runId = options.runId ?? createRunId(now, Math.random);
  let reading: Reading;
  const run = startRun({
    runId,
    signal: options.signal,
    maxTimeMs: options.maxTimeMs,
    lease: leaseFor(options),
    now,
    async create(store) {
      reading = await prepareReading(options.question, options);
      const at = now();
      await store.create({
        runId,
        status: 'running',
        question: options.question,
        settings: reading.settings,
        sources: recordSources(options.source),
        sections: 0,
        createdAt: at,
        updatedAt: at,
        ...(options.client === undefined ? {} : { client: options.client }),
      });
    },
    open: (store, signal) => openSession(runId, reading, options.source, options, store, signal),
  });
  return withSchema(run, () => reading.schema);
}

/**
 * Goes on with a run that stopped or whose process died. Steps that were committed are not paid for again, and
 * the document is checked against what was read. Model, reader, strategy and budgets must be the run's own:
 * what is left out is taken from it, what differs is refused (`settings-changed`). The model has to be given
 * again; limits may be new.
 */
export function resume<T>(options: ResumeOptions & { schema: FlexibleSchema<T> }): Run<StructuredResult<T>>;
export function resume(options: ResumeOptions): Run;
export function resume(options: ResumeOptions): Run {
  checkOptions(options);
  const { runId } = options;
  let reading: Reading;
  const run = startRun({
    runId,
    signal: options.signal,
    maxTimeMs: options.maxTimeMs,
    lease: leaseFor(options),
    now: Date.now,
    async open(store, signal) {
      const record = await store.get(runId);
      if (!record) throw runNotFound(runId);
      if (record.status === 'finished') {
        throw new MemagentError(`Run ${runId} is finished; there is nothing to resume.`, {
          code: 'run-finished',
          data: { runId },
        });
      }
      reading = await prepareReading(record.question, {
        ...(await restoreOptions(record.settings)),
        ...options,
      });
      requireSameSettings(runId, record.settings, reading.settings);
      await store.update(runId, { status: 'running', updatedAt: Date.now() });
      const source = options.source ?? record.sources;
      return openSession(runId, reading, source, options, store, signal);
    },
  });
  return withSchema(run, () => reading.schema);
}

/** What is kept of a structured answer is the JSON; the caller gets what the schema makes of it. */
function withSchema(run: Run, schemaOf: () => AnswerSchema | undefined): Run {
  const result = run.result.then(async (kept) => {
    const schema = schemaOf();
    if (!schema || kept.object === undefined) return kept;
    const { value } = (await schema.check(kept.object)) as { value: unknown };
    return { ...kept, object: value };
  });
  result.catch(() => {}); // As in `startRun`.
  return { ...run, result };
}

async function openSession(
  runId: string,
  reading: Reading,
  source: SourceInput | readonly SourceRecord[],
  options: SessionOptions,
  store: RunStore,
  signal: AbortSignal,
): Promise<RunSession> {
  let made: Promise<string> | undefined;
  const folder = (): Promise<string> => (made ??= store.folder(runId));
  const replay = await replayEvents(store.events(runId));
  const own = createRunBudget(options, reading.prices, replay.usage);
  const agent = runAgent({
    ...reading,
    runId,
    replay,
    committed: createCommittedSteps(store.events(runId), replay.lastSeq),
    budget: options.budget ? joinBudgets(own, options.budget) : own,
    openSources: (onSkip) => openSources(source, { folder, signal, onSkip }),
    hasSeveralSources: mayHoldSeveral(source),
    concurrency: options.concurrency ?? defaultConcurrency,
    folder,
    signal,
    now: Date.now,
  });
  return { after: replay.lastSeq, agent };
}

function leaseFor({ store, home }: SessionOptions): StoreLease {
  return leaseStore(store, () => createSqliteRunStore({ home: home ?? defaultHome() }));
}

/** The options that a run began with, as far as they can be kept: models and own readers cannot. */
async function restoreOptions(settings: RunSettings): Promise<ReadingOptions> {
  const { question: _question, model, reader, readerSettings, tokenizer, ...rest } = settings;
  const { jsonSchema, ...asked } =
    reader === 'model'
      ? restoreModelReader(readerSettings)
      : reader === 'evidence'
        ? restoreEvidenceReader(model, readerSettings)
        : {};
  return {
    ...rest,
    ...asked,
    ...(jsonSchema === undefined ? {} : { schema: (await import('ai')).jsonSchema(jsonSchema) }),
    ...(readerNames.some((name) => name === reader) ? { reader: reader as ReaderName } : {}),
    // A Hugging Face tokenizer is known by its content, not by where it lies: it has to be given again.
    ...(tokenizer.startsWith('hf:') ? {} : { tokenizer }),
  };
}

function runNotFound(runId: string): MemagentError {
  return new MemagentError(`There is no run ${runId} in this store.`, {
    code: 'run-not-found',
    data: { runId },
  });
}
