/** @packageDocumentation What report pages are made of: safe HTML, charts as SVG, tables, the page around them. */
export type { Chart, ChartOption } from './charts/chart.ts';
export { axisStyle, chartFrame, frameHeight, type LegendEntry, percentAxis } from './charts/chart-frame.ts';
export { type ChartTheme, darkTheme, lightTheme } from './charts/chart-theme.ts';
export { drawChart } from './charts/draw-chart.ts';
export { formatCount, formatDuration, formatShort } from './format-number.ts';
export { Html, html, type HtmlValue, trustedHtml } from './html/html.ts';
export { renderChart } from './html/render-chart.ts';
export { type Page, type PageSection, renderPage } from './html/render-page.ts';
export { renderTable } from './html/render-table.ts';
export { sortScript } from './html/sort-script.ts';
export type { Cell, Column, RichCell, Table } from './table.ts';
