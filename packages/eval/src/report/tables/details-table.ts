import { formatLength } from '../length.ts';
import type { Summary } from '../summarize.ts';
import type { Table } from '../table.ts';
import { measureCells, measureColumns } from './measure-cells.ts';

/** Every measure of every task, length and series. */
export function detailsTable({ groups }: Summary): Table {
  return {
    title: 'All measures',
    columns: [
      { title: 'task' },
      { title: 'length', isNumber: true },
      { title: 'read with' },
      ...measureColumns,
    ],
    rows: groups.map(({ task, length, series, measures }) => [
      task,
      { text: formatLength(length), value: length?.value ?? -1 },
      series.label,
      ...measureCells(measures),
    ]),
  };
}
