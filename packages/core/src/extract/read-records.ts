/** The records of a run, from disk, one after the other. */
import type { FlexibleSchema } from 'ai';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MemagentError } from '../errors.ts';
import { createCommittedSteps } from '../run/committed-steps.ts';
import { runNotFound } from '../store/run-errors.ts';
import type { RunStore } from '../store/run-store.ts';
import { type AnswerSchema, resolveSchema } from '../structured/answer-schema.ts';
import { recordFile } from './extract-strategy.ts';
import { isExtraction, recordOptions } from './prepare-extraction.ts';
import { isSupported, type KeptRecord, openRecordStore, type RecordStore } from './record-store.ts';
import type { ExtractedRecord, RecordFields, RecordMention } from './records.ts';

/**
 * All records that a run of `extract` has collected, in the order in which they were first met; those of a run that
 * stopped are the ones of the sections that it dealt with. `schema` gives each record back as `extract` would; without
 * one it is the JSON that the model wrote. Throws `run-not-found`, and `invalid-option` for a run that answered a
 * question.
 */
export async function* readRecords<T = RecordFields>(
  store: RunStore,
  runId: string,
  schema?: FlexibleSchema<T>,
): AsyncGenerator<ExtractedRecord<T>> {
  const run = await store.get(runId);
  if (!run) throw runNotFound(runId);
  if (!isExtraction(run.settings)) throw notAnExtraction(runId);
  const checked = schema === undefined ? undefined : await resolveSchema(schema);
  const { key, similarity } = recordOptions(run.settings);
  const path = join(await store.folder(runId), recordFile);
  const isBuilt = existsSync(path);
  const records = openRecordStore(path, { key, similarity });
  try {
    if (!isBuilt) await buildRecords(store, runId, records);
    for (const kept of records.records()) yield await finish<T>(kept, checked);
  } finally {
    records.close();
  }
}

/** Builds the records from the run's events, in the order of its sections. */
async function buildRecords(store: RunStore, runId: string, records: RecordStore): Promise<void> {
  const steps = createCommittedSteps(store.events(runId), Infinity);

  async function mentionsOf(step: string): Promise<RecordMention[] | undefined> {
    const event = await steps.take(step);
    if (event?.type !== 'records-extracted') return undefined;
    if (event.outcome !== 'divided') return event.records;
    const parts = [await mentionsOf(`${step}/1`), await mentionsOf(`${step}/2`)];
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
  }

  for (let section = 1; ; section += 1) {
    const mentions = await mentionsOf(`extract/${section}`);
    if (!mentions) return;
    records.add(mentions);
  }
}

/** Puts a record together from the best value of each field; as it was first mentioned where these do not go together. */
async function finish<T>(kept: KeptRecord, schema: AnswerSchema<T> | undefined): Promise<ExtractedRecord<T>> {
  const { id, first, values: fields, mentions } = kept;
  const best = Object.fromEntries(
    Object.entries(fields).flatMap(([field, [value]]) => (value ? [[field, value.value]] : [])),
  );
  const together = { ...first, ...best };
  const checked = await schema?.check(together);
  const isTogether = checked === undefined || checked.problem === undefined;
  const alone = isTogether ? checked : await schema?.check(first);
  const record = alone === undefined || !('value' in alone) ? (together as T) : alone.value;
  return {
    id,
    record,
    fields,
    conflicts: Object.keys(fields).filter((field) => (fields[field] ?? []).length > 1),
    unsupported: Object.keys(fields).filter((field) => !isSupported(fields[field]?.[0])),
    mentions,
  };
}

export function notAnExtraction(runId: string): MemagentError {
  return new MemagentError(`Run ${runId} answered a question; it has no records. Name a run of extract.`, {
    code: 'invalid-option',
    data: { runId },
  });
}
