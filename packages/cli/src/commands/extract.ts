import { createSqliteRunStore, extract as extractRecords, type ExtractionOptions } from '@memagent/core';
import { basename, resolve } from 'node:path';
import { defined } from '../defined.ts';
import type { Flags } from '../flags/flags.ts';
import { shorten } from '../format/plain-text.ts';
import { describeModel, type ModelSpec } from '../model/model-spec.ts';
import { writeClientNote } from '../reading/client-note.ts';
import { findSources } from '../reading/find-sources.ts';
import { followRun } from '../reading/follow-run.ts';
import { type PreparedReading, prepareReading } from '../reading/prepare-reading.ts';
import { readSchema } from '../reading/read-schema.ts';
import { checkOut, printRecords } from '../records/print-records.ts';
import { type LoadedSettings, loadSettings } from '../settings/load-settings.ts';
import type { Shell } from '../shell.ts';

/** `memagent extract`: collects all records of a schema. Returns the exit code. */
export async function extract(paths: readonly string[], flags: Flags, shell: Shell): Promise<number> {
  const schema = await readSchema(flags.schema ?? '', shell);
  const out = flags.out === undefined ? undefined : resolve(shell.cwd, flags.out);
  if (out !== undefined) await checkOut(out);
  const found = await findSources(paths, shell, `memagent extract --schema ${flags.schema}`);
  const loaded = forRecords(await loadSettings(flags, shell));
  const prepared = await prepareReading(loaded, shell, {
    isAsked: flags.estimate !== true,
    isQuiet: flags.quiet === true,
  });
  const { session, client, spec } = prepared;
  const options = { ...recordOptions(prepared, flags), ...session, schema, source: found.source };
  if (flags.estimate) {
    const { printEstimate } = await import('./estimate.ts');
    const { estimateExtract } = await import('@memagent/core');
    const speed = flags.speed === undefined ? {} : { speed: { tokensPerSecond: flags.speed } };
    return printEstimate(await estimateExtract({ ...options, ...speed }), flags, shell);
  }
  const store = createSqliteRunStore({ home: loaded.home });
  try {
    const note = writeClientNote({ ...client, ...(out === undefined ? {} : { out }) });
    const run = extractRecords({ ...options, store, client: note });
    if (!flags.quiet) {
      const names = shorten(found.names.map((name) => basename(name)).join(', '), 80);
      const line = `Collecting records of ${names} with ${describeModel(spec as ModelSpec)}, run ${run.runId}`;
      shell.say(shell.colours.stderr.dim(line));
    }
    const print = (result: Parameters<typeof printRecords>[0]): Promise<number> =>
      printRecords(result, { out, store, flags, shell });
    return await followRun(run, { flags, shell, store, bytes: found.bytes, spec, print });
  } finally {
    await store.close();
  }
}

/** A model reads, and the config file's division of the window, which is made for questions, does not apply. */
function forRecords(loaded: LoadedSettings): LoadedSettings {
  const { sectionTokens, memoryTokens, outputTokens, questionTokens, temperature } = loaded.flags;
  const own = { sectionTokens, memoryTokens, outputTokens, questionTokens, temperature };
  const others = Object.entries(loaded.settings).filter(([name]) => !(name in own));
  return {
    ...loaded,
    settings: { ...Object.fromEntries(others), ...defined(own), reader: 'model' },
  };
}

function recordOptions(
  { reading }: PreparedReading,
  { instructions, key, similarity, overlapTokens }: Flags,
): Omit<ExtractionOptions, 'schema'> {
  const {
    reader: _reader,
    strategy: _strategy,
    schema: _schema,
    memoryTokens: _memory,
    model,
    ...options
  } = reading;
  return {
    ...options,
    // `prepareReading` refuses the model reader without one.
    model: model as NonNullable<typeof model>,
    ...defined({ instructions, key, similarity, overlapTokens }),
  };
}
