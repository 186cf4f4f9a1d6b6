import type { Cell, Column, Table } from '../table.ts';
import { html, type Html } from './html.ts';

/**
 * A table in a frame that scrolls sideways by itself, with the keyboard too, where the page is narrow. One with
 * sentences in it becomes a list of blocks there.
 */
export function renderTable({ title, columns, rows }: Table): Html {
  return html`<div class="frame" role="region" aria-label="${title}" tabindex="0">
    <table${columns.some(({ isProse }) => isProse) ? html` class="stack"` : ''}>
      <caption>
        ${title}
      </caption>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col" ${classOf(column)}>${column.title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, index) => renderCell(cell, index, columns[index]!))}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

function renderCell(cell: Cell, index: number, column: Column): Html {
  const { text, detail, value, isCode } = typeof cell === 'string' ? { text: cell } : cell;
  const shown = [
    isCode ? html`<code>${text}</code>` : text,
    detail === undefined ? '' : html` <small>${detail}</small>`,
  ];
  const sort = value === undefined ? '' : html` data-sort="${value}"`;
  return index === 0
    ? html`<th scope="row" ${sort}>${shown}</th>`
    : html`<td${classOf(column)}${sort} data-label="${column.title}">${shown}</td>`;
}

function classOf({ isNumber, isProse }: Column): Html | string {
  if (isNumber) return html` class="number"`;
  return isProse ? html` class="prose"` : '';
}
