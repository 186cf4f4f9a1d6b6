import type { Chart } from '../charts/chart.ts';
import { chartWidth } from '../charts/chart.ts';
import { type ChartTheme, darkTheme, lightTheme } from '../charts/chart-theme.ts';
import { drawChart } from '../charts/draw-chart.ts';
import { html, type Html } from './html.ts';
import { renderTable } from './render-table.ts';

/**
 * A chart in both looks, of which the style sheet shows one, with its numbers as a table. As an image, a picture
 * cannot run scripts, load anything, or mix its style with the page's.
 */
export function renderChart(chart: Chart): Html {
  return html`<figure id="${chart.id}">
    ${[lightTheme, darkTheme].map((theme) => renderPicture(chart, theme))}
    <figcaption>${chart.caption}</figcaption>
    <details>
      <summary>The numbers</summary>
      ${renderTable(chart.table)}
    </details>
  </figure>`;
}

function renderPicture(chart: Chart, theme: ChartTheme): Html {
  const data = Buffer.from(drawChart(chart, theme)).toString('base64');
  return html`<img
    class="${theme.name}"
    width="${chartWidth}"
    height="${chart.height}"
    alt="${chart.title}. ${chart.caption} The numbers are in the table below."
    src="data:image/svg+xml;base64,${data}"
  />`;
}
