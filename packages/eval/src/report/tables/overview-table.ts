import { pool, type Summary } from '../summarize.ts';
import type { Table } from '../table.ts';
import { measureCells, measureColumns } from './measure-cells.ts';

/** All questions of each series. */
export function overviewTable(summary: Summary): Table {
  return {
    title: 'All questions',
    columns: [{ title: 'read with' }, ...measureColumns],
    rows: summary.series.map((series) => [
      series.label,
      ...measureCells(
        pool(
          summary.groups.filter((group) => group.series === series),
          summary,
        ),
      ),
    ]),
  };
}
