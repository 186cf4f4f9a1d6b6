import {
  createSqliteRunStore,
  resolveRunId,
  resume as resumeRun,
  type RunRecord,
  type RunResult,
} from '@memagent/core';
import { stat } from 'node:fs/promises';
import type { Flags } from '../flags/flags.ts';
import { type ClientNote, readClientNote } from '../reading/client-note.ts';
import { followRun } from '../reading/follow-run.ts';
import { chooseReadingModel, readingOptions, sessionOptions } from '../reading/prepare-reading.ts';
import { printResult } from '../reading/print-result.ts';
import { printRecords } from '../records/print-records.ts';
import type { ModelSpec } from '../model/model-spec.ts';
import { type LoadedSettings, loadSettings } from '../settings/load-settings.ts';
import { mergeSettings } from '../settings/settings.ts';
import type { Shell } from '../shell.ts';
import { usageError } from '../usage-error.ts';

/** `memagent resume`: goes on with a run as it was begun. Returns the exit code. */
export async function resume(name: string, flags: Flags, shell: Shell): Promise<number> {
  const loaded = await loadSettings(flags, shell);
  const store = createSqliteRunStore({ home: loaded.home });
  try {
    const runId = await resolveRunId(store, name);
    const record = await store.get(runId);
    const client = readClientNote(record?.client);
    const print = (result: RunResult): Promise<number> =>
      result.extraction
        ? printRecords(result, { out: client?.out, store, flags, shell })
        : printResult(result, flags, shell);
    if (record?.result) {
      if (!flags.quiet) shell.say(`Run ${runId} is finished; this is its answer.`);
      return await print(record.result);
    }
    const spec = await modelFor(record, client, loaded, shell);
    // The config file may have changed since: what decides the reading is the run's, unless a flag says otherwise.
    const reading = mergeSettings(
      loaded.flags,
      client?.tokenizer === undefined ? {} : { tokenizer: client.tokenizer },
    );
    const session = mergeSettings(
      loaded.flags,
      client?.prices ? { prices: client.prices } : {},
      loaded.config,
    );
    const { reasoningOptions, ...options } = await readingOptions(reading, spec, shell);
    // What is sent along belongs to the reasoning effort, which the run has kept with it.
    const sent =
      reading.reasoning === undefined || reasoningOptions === undefined ? {} : { reasoningOptions };
    const run = resumeRun({ ...options, ...sent, ...sessionOptions(session, shell.signal), runId, store });
    if (!flags.quiet)
      shell.say(shell.colours.stderr.dim(`Going on with run ${runId}: ${record?.question ?? ''}`));
    return await followRun(run, {
      flags,
      shell,
      store,
      spec,
      bytes: record && (await sizeOf(record)),
      past: store.events(runId),
      print,
    });
  } finally {
    await store.close();
  }
}

/** The model that flags name, else the one that the run was begun with. */
async function modelFor(
  record: RunRecord | undefined,
  client: ClientNote | undefined,
  loaded: LoadedSettings,
  shell: Shell,
): Promise<ModelSpec | undefined> {
  const isNamed = loaded.flags.model !== undefined || loaded.flags.baseUrl !== undefined;
  if (record?.settings.model === null) {
    if (!isNamed) return undefined;
    throw usageError(
      `Run ${record.runId} was begun without a language model, so it cannot go on with one. Leave out --model and --base-url, or start a new run.`,
    );
  }
  if (isNamed) {
    const { spec } = await chooseReadingModel(loaded, shell);
    return spec;
  }
  if (client?.model) return client.model;
  throw usageError(
    `Run ${record?.runId} was begun by another program, which kept nothing about its model ${record?.settings.model}. Name the model with --model.`,
  );
}

/** Size of the document where it is files alone, for the progress. */
async function sizeOf({ sources }: RunRecord): Promise<number | undefined> {
  const sizes = await Promise.all(
    sources.map(async (source) =>
      source.kind === 'file' ? (await stat(source.path).catch(() => undefined))?.size : undefined,
    ),
  );
  const sum = sizes.reduce<number>((total, size = Number.NaN) => total + size, 0);
  return Number.isNaN(sum) ? undefined : sum;
}
