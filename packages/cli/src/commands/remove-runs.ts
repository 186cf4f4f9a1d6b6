import { createSqliteRunStore, resolveRunId } from '@memagent/core';
import { exitCodes } from '../exit-codes.ts';
import type { Flags } from '../flags/flags.ts';
import { loadSettings } from '../settings/load-settings.ts';
import type { Shell } from '../shell.ts';

/** `memagent runs rm`: removes runs. All names are looked up first, so that a misspelt one removes nothing. */
export async function removeRuns(names: readonly string[], flags: Flags, shell: Shell): Promise<number> {
  const { home } = await loadSettings(flags, shell);
  const store = createSqliteRunStore({ home });
  try {
    const runIds = await Promise.all(names.map((name) => resolveRunId(store, name)));
    for (const runId of new Set(runIds)) {
      await store.delete(runId);
      shell.say(`Removed run ${runId}.`);
    }
    return exitCodes.answered;
  } finally {
    await store.close();
  }
}
