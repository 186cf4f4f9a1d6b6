/** Ask a question of a document of any length. */
import type { FlexibleSchema } from 'ai';
import { restoreEvidenceReader } from '../evidence/evidence-reader-settings.ts';
import { isExtraction, prepareExtraction, restoreExtraction } from '../extract/prepare-extraction.ts';
import { restoreModelReader } from '../reader/model-reader-settings.ts';
import type { RunRecord } from '../store/run-store.ts';
import { beginRun, continueRun } from './begin-run.ts';
import { prepareReading, type Reading } from './prepare-reading.ts';
import {
  checkOptions,
  invalidOption,
  type ReaderName,
  readerNames,
  type ReadingOptions,
  type ReadOptions,
  type ResumeOptions,
} from './read-options.ts';
import type { Run, StructuredResult } from './run.ts';
import type { RunSettings } from './settings.ts';

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
  return withSchema((keep) => beginRun(options, () => prepareReading(options.question, options).then(keep)));
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
  return withSchema((keep) => continueRun(options, (record) => prepareAgain(record, options).then(keep)));
}

async function prepareAgain({ question, settings }: RunRecord, options: ResumeOptions): Promise<Reading> {
  if (!isExtraction(settings)) {
    return prepareReading(question, { ...(await restoreOptions(settings)), ...options });
  }
  const { model, reader: _reader, strategy: _strategy, ...rest } = options;
  if (model === undefined)
    throw invalidOption('model', 'has to be given again: records are collected with one');
  return prepareExtraction({ ...(await restoreExtraction(settings)), ...rest, model });
}

/** What is kept of a structured answer is the JSON; the caller gets what the schema makes of it. */
function withSchema(start: (keep: (reading: Reading) => Reading) => Run): Run {
  let schema: Reading['schema'];
  const run = start((reading) => {
    ({ schema } = reading);
    return reading;
  });
  const result = run.result.then(async (kept) => {
    if (!schema || kept.object === undefined) return kept;
    const { value } = (await schema.check(kept.object)) as { value: unknown };
    return { ...kept, object: value };
  });
  result.catch(() => {}); // As in `startRun`.
  return { ...run, result };
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
