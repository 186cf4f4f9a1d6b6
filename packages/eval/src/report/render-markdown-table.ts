import { markdownTable } from 'markdown-table';
import type { Cell, Table } from './table.ts';

/** A table in Markdown, padded so that it reads well in a terminal too; without its title. */
export function renderMarkdownTable({ columns, rows }: Table): string {
  const heading = columns.map(({ title }) => escapeMarkdown(title));
  const align = columns.map(({ isNumber }) => (isNumber ? 'right' : 'left'));
  return markdownTable([heading, ...rows.map((row) => row.map(renderCell))], { align });
}

/** One line that means itself: no markup, no picture to load, no cell that ends early. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*[\]<|]/g, (character) => `\\${character}`);
}

function renderCell(cell: Cell): string {
  if (typeof cell === 'string') return escapeMarkdown(cell);
  const { text, detail, isCode } = cell;
  if (isCode) return `\`${text.replaceAll(/[`|\s]+/g, ' ')}\``;
  return escapeMarkdown(detail === undefined ? text : `${text}, ${detail}`);
}
