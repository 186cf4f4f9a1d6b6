import { chartWidth } from '../charts/chart.ts';
import { type ChartTheme, darkTheme, lightTheme } from '../charts/chart-theme.ts';

/** The page's style sheet. Colours are those of the charts. */
export const pageStyle = `
:root { color-scheme: light dark; ${variables(lightTheme)} --page: #f6f8fa; --link: #0a5c9e; }
@media screen and (prefers-color-scheme: dark) {
  :root { ${variables(darkTheme)} --page: #0d1014; --link: #79b8f0; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 68rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { margin: 0.5rem 0; font-size: 1.6rem; line-height: 1.2; }
h2 { margin: 2.5rem 0 0.75rem; font-size: 1.25rem; }
h2:focus-visible, .frame:focus-visible, summary:focus-visible, button:focus-visible {
  outline: 2px solid var(--link); outline-offset: 2px; }
a { color: var(--link); }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; padding: 0; list-style: none; }
.charts { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, ${chartWidth}px), 1fr));
  align-items: start; }
figure { margin: 0; padding: 0.5rem; min-width: 0; background: var(--panel); border: 1px solid var(--rule);
  border-radius: 6px; }
figure img { display: block; width: 100%; max-width: ${chartWidth * 1.25}px; height: auto; margin: 0 auto; }
img.dark { display: none; }
@media screen and (prefers-color-scheme: dark) { img.dark { display: block; } img.light { display: none; } }
figcaption, .note, small, details > summary { color: var(--muted); }
figcaption, .note, details > summary { font-size: 0.875rem; }
figcaption { padding: 0.25rem 0.5rem; overflow-wrap: anywhere; }
details > summary { padding: 0.25rem 0.5rem; cursor: pointer; }
.frame { overflow-x: auto; background: var(--panel); border: 1px solid var(--rule); border-radius: 6px; }
figure .frame { border: 0; }
table { border-collapse: collapse; width: 100%; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
caption { padding: 0.5rem; text-align: left; font-weight: 600; }
th, td { padding: 0.35rem 0.5rem; border-top: 1px solid var(--rule); text-align: left; vertical-align: top;
  unicode-bidi: plaintext; }
th { font-weight: 600; }
thead th { vertical-align: bottom; }
td, th[scope='row'] { white-space: nowrap; }
td.prose { min-width: 12rem; max-width: 24rem; white-space: normal; overflow-wrap: anywhere; }
.number { text-align: right; }
.number small { display: block; }
th button { all: unset; cursor: pointer; }
th button::after { content: ' ↕'; color: var(--muted); }
th[aria-sort='ascending'] button::after { content: ' ↑'; }
th[aria-sort='descending'] button::after { content: ' ↓'; }
code, pre { font: 0.85em/1.5 ui-monospace, monospace; }
pre { margin: 0; padding: 0.75rem; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
@media (max-width: 32rem) {
  body { padding: 0.5rem; }
  figure { padding: 0; }
  th, td { padding: 0.3rem 0.4rem; }
  /* Rows of sentences as blocks: each cell with its column's name before it. */
  .stack thead { display: none; }
  .stack tr { display: block; padding: 0.4rem 0; border-top: 1px solid var(--rule); }
  .stack th, .stack td, .stack td.prose { display: block; max-width: none; padding: 0 0.5rem; border: 0;
    text-align: left; white-space: normal; overflow-wrap: anywhere; }
  .stack td::before { content: attr(data-label) ': '; color: var(--muted); }
}
@media print {
  body { max-width: none; padding: 0; background: none; font-size: 10pt; }
  nav { display: none; }
  .charts { grid-template-columns: 1fr 1fr; }
  figure, tr { break-inside: avoid; }
  h2 { break-after: avoid; }
  .frame { overflow: visible; border: 0; }
  table { font-size: 7pt; }
  th, td { padding: 1pt 3pt; }
  th button::after { content: ''; }
  td, td.prose, th[scope='row'] { min-width: 0; white-space: normal; overflow-wrap: anywhere; }
}
`;

function variables({ background, text, muted, rule }: ChartTheme): string {
  return `--panel: ${background}; --text: ${text}; --muted: ${muted}; --rule: ${rule};`;
}
