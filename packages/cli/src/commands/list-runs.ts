import { createSqliteRunStore, runStatus, type RunStatus } from '@memagent/core';
import { exitCodes } from '../exit-codes.ts';
import type { Flags } from '../flags/flags.ts';
import { formatAge } from '../format/format-number.ts';
import { formatTable } from '../format/format-table.ts';
import { oneLine } from '../format/plain-text.ts';
import { loadSettings } from '../settings/load-settings.ts';
import type { Colours, Shell } from '../shell.ts';

/** `memagent runs`: the runs there are, newest first. Returns the exit code. */
export async function listRuns(flags: Flags, shell: Shell): Promise<number> {
  const { home } = await loadSettings(flags, shell);
  const store = createSqliteRunStore({ home });
  try {
    const runs = await store.list(flags.limit === undefined ? {} : { limit: flags.limit });
    const statuses = await Promise.all(runs.map((run) => runStatus(store, run)));
    const listed = runs.map((run, index) => Object.assign(run, { status: statuses[index] ?? run.status }));
    if (flags.json) {
      const rows = listed.map(({ runId, status, question, sections, settings, createdAt, updatedAt }) => {
        const { model, reader, strategy } = settings;
        return { runId, status, question, sections, model, reader, strategy, createdAt, updatedAt };
      });
      await shell.print(`${JSON.stringify(rows, null, 2)}\n`);
    } else if (listed.length === 0) {
      shell.say(`There are no runs in ${home} yet. Begin one: memagent ask "<question>" <source...>`);
    } else {
      const now = Date.now();
      const rows = listed.map(({ runId, status, sections, createdAt, settings, question }) => [
        runId,
        statusText(status, shell.colours.stdout),
        String(sections),
        formatAge(now - createdAt),
        oneLine(settings.model ?? settings.reader),
        oneLine(question),
      ]);
      const header = ['RUN', 'STATUS', 'SECTIONS', 'AGE', 'MODEL', 'QUESTION'];
      await shell.print(`${formatTable([header, ...rows], shell.stdout.columns)}\n`);
    }
    return exitCodes.answered;
  } finally {
    await store.close();
  }
}

function statusText(status: RunStatus, colours: Colours): string {
  switch (status) {
    case 'finished':
      return colours.green(status);
    case 'stopped':
    case 'cancelled':
      return colours.yellow(status);
    case 'running':
      return colours.cyan(status);
    default:
      return status satisfies never;
  }
}
