import { createSqliteRunStore, read } from '@memagent/core';
import { basename } from 'node:path';
import type { Flags } from '../flags/flags.ts';
import { shorten } from '../format/plain-text.ts';
import { describeModel } from '../model/model-spec.ts';
import { checkQuestion } from '../reading/check-question.ts';
import { writeClientNote } from '../reading/client-note.ts';
import { findSources } from '../reading/find-sources.ts';
import { followRun } from '../reading/follow-run.ts';
import { prepareReading } from '../reading/prepare-reading.ts';
import { readSchema } from '../reading/read-schema.ts';
import { loadSettings } from '../settings/load-settings.ts';
import type { Shell } from '../shell.ts';

/** `memagent ask`: reads the documents and answers the question. Returns the exit code. */
export async function ask(
  question: string,
  paths: readonly string[],
  flags: Flags,
  shell: Shell,
): Promise<number> {
  if (flags.estimate) {
    const { estimate } = await import('./estimate.ts');
    return estimate(question, paths, flags, shell);
  }
  await checkQuestion(question, paths, shell);
  const schema = flags.schema === undefined ? undefined : await readSchema(flags.schema, shell);
  const found = await findSources(paths, shell);
  const loaded = await loadSettings(flags, shell);
  const { reading, session, client, spec } = await prepareReading(loaded, shell, {
    isQuiet: flags.quiet === true,
  });
  const store = createSqliteRunStore({ home: loaded.home });
  try {
    const run = read({
      ...reading,
      ...session,
      ...(schema === undefined ? {} : { schema }),
      question,
      source: found.source,
      store,
      client: writeClientNote(client),
    });
    if (!flags.quiet) {
      const names = shorten(found.names.map((name) => basename(name)).join(', '), 80);
      const reader =
        spec === undefined ? `the ${loaded.settings.reader ?? 'evidence'} reader` : describeModel(spec);
      shell.say(shell.colours.stderr.dim(`Reading ${names} with ${reader}, run ${run.runId}`));
    }
    return await followRun(run, { flags, shell, store, bytes: found.bytes, spec });
  } finally {
    await store.close();
  }
}
