import { stripVTControlCharacters } from 'node:util';
import { shorten } from './plain-text.ts';

const gap = 2;

/** Rows in columns. The last column takes what is left of `width`; the one before it at most a quarter. */
export function formatTable(rows: readonly (readonly string[])[], width = 120): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries())
      widths[column] = Math.max(widths[column] ?? 0, lengthOf(cell));
  }
  const last = widths.length - 1;
  const model = last - 1;
  widths[model] = Math.min(widths[model] ?? 0, Math.max(8, Math.floor(width / 4)));
  const taken = widths.slice(0, last).reduce((sum, size) => sum + size + gap, 0);
  widths[last] = Math.max(10, width - taken);
  return rows
    .map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column] ?? 0))
        .join(' '.repeat(gap))
        .trimEnd(),
    )
    .join('\n');
}

/** Cells with colours are never too long: only plain ones are cut. */
function pad(cell: string, width: number): string {
  const cut = lengthOf(cell) > width ? shorten(cell, width) : cell;
  return cut + ' '.repeat(width - lengthOf(cut));
}

function lengthOf(cell: string): number {
  return stripVTControlCharacters(cell).length;
}
