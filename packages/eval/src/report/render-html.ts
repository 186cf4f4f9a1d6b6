import type { ChartSection } from './charts/make-charts.ts';
import { describeSummary } from './describe-summary.ts';
import { html, type Html } from './html/html.ts';
import { renderChart } from './html/render-chart.ts';
import { type PageSection, renderPage } from './html/render-page.ts';
import { renderTable } from './html/render-table.ts';
import { sortScript } from './html/sort-script.ts';
import { methodNotes } from './method-notes.ts';
import type { Summary } from './summarize.ts';
import { detailsTable } from './tables/details-table.ts';
import { failuresTable } from './tables/failures-table.ts';
import { intervalNote } from './tables/measure-cells.ts';
import { mistakesTable } from './tables/mistakes-table.ts';
import { overviewTable } from './tables/overview-table.ts';
import { settingsTable } from './tables/settings-table.ts';
import { taskTable } from './tables/task-table.ts';

/** The report as one page, with its charts. */
export function renderHtml(summary: Summary, charts: readonly ChartSection[]): string {
  return renderPage({
    title: 'memagent evaluation',
    introduction: describeSummary(summary),
    sections: sectionsOf(summary, charts),
    scripts: [sortScript],
  });
}

function sectionsOf(summary: Summary, charts: readonly ChartSection[]): PageSection[] {
  const note = html`<p class="note">${intervalNote}</p>`;
  const [byLength = [], others = []] = [
    charts.filter(({ id }) => id === 'length'),
    charts.filter(({ id }) => id !== 'length'),
  ].map((some) => some.map(renderCharts));
  return [
    { id: 'overview', title: 'Overview', content: html`${renderTable(overviewTable(summary))}${note}` },
    ...byLength,
    { id: 'tasks', title: 'Strategy by task', content: html`${renderTable(taskTable(summary))}${note}` },
    ...others,
    { id: 'details', title: 'All measures', content: html`${renderTable(detailsTable(summary))}${note}` },
    { id: 'failures', title: 'Failures', content: renderFailures(summary) },
    { id: 'mistakes', title: 'Wrong answers', content: renderMistakes(summary) },
    { id: 'settings', title: 'Configuration and versions', content: renderSettings(summary) },
    {
      id: 'method',
      title: 'How the numbers are made',
      content: html`<ul>
        ${methodNotes(summary).map((sentence) => html`<li>${sentence}</li> `)}
      </ul>`,
    },
  ];
}

function renderCharts({ id, title, charts }: ChartSection): PageSection {
  return { id, title, content: html`<div class="charts">${charts.map(renderChart)}</div>` };
}

function renderFailures(summary: Summary): Html {
  const failures = failuresTable(summary);
  return failures.rows.length === 0 ? html`<p>No question failed.</p>` : renderTable(failures);
}

function renderMistakes(summary: Summary): Html {
  const mistakes = mistakesTable(summary);
  if (mistakes.rows.length === 0) return html`<p>No answer scored below one half.</p>`;
  return html`<p class="note">
      Up to three of each task and series that scored below one half, from short documents to long ones.
    </p>
    ${renderTable(mistakes)}`;
}

function renderSettings(summary: Summary): Html {
  return html`${renderTable(settingsTable(summary))}
  ${summary.series.map(
    ({ label, settings }) =>
      html`<details>
        <summary>All settings: ${label}</summary>
        <pre>${JSON.stringify(settings, null, 2)}</pre>
      </details> `,
  )}`;
}
