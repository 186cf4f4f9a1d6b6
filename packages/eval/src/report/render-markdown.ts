/** The report as Markdown: the same tables as the page, padded so that they read well in a terminal too. */
import { describeSummary } from './describe-summary.ts';
import { methodNotes } from './method-notes.ts';
import { escapeMarkdown, renderMarkdownTable } from './render-markdown-table.ts';
import type { Summary } from './summarize.ts';
import type { Table } from './table.ts';
import { detailsTable } from './tables/details-table.ts';
import { failuresTable } from './tables/failures-table.ts';
import { intervalNote } from './tables/measure-cells.ts';
import { lengthTable } from './tables/length-table.ts';
import { overviewTable } from './tables/overview-table.ts';
import { settingsTable } from './tables/settings-table.ts';
import { taskTable } from './tables/task-table.ts';

export function renderMarkdown(summary: Summary): string {
  const failures = failuresTable(summary);
  return [
    '# memagent evaluation',
    ...describeSummary(summary).map(escapeMarkdown),
    ...renderTable(overviewTable(summary)),
    intervalNote,
    ...renderTable(taskTable(summary)),
    ...renderTable(lengthTable(summary)),
    ...renderTable(detailsTable(summary)),
    ...(failures.rows.length === 0 ? ['## Failed questions', 'None.'] : renderTable(failures)),
    ...renderTable(settingsTable(summary)),
    '## How the numbers are made',
    methodNotes(summary)
      .map((note) => `- ${note}`)
      .join('\n'),
    '',
  ].join('\n\n');
}

function renderTable(table: Table): string[] {
  return [`## ${table.title}`, renderMarkdownTable(table)];
}
