import { compareLengths, formatLength, lengthKey } from '../length.ts';
import type { Summary } from '../summarize.ts';
import type { Table } from '../table.ts';
import { scoreCells } from './task-table.ts';

/** Strategies side by side, a row for each length of each task. */
export function lengthTable(summary: Summary): Table {
  return {
    title: 'Strategy by length',
    columns: [
      { title: 'task' },
      { title: 'length', isNumber: true },
      ...summary.series.map(({ label }) => ({ title: label, isNumber: true })),
    ],
    rows: summary.tasks.flatMap((task) => {
      const groups = summary.groups.filter((group) => group.task === task);
      return [...Map.groupBy(groups, ({ length }) => lengthKey(length)).values()]
        .toSorted(([a], [b]) => compareLengths(a?.length, b?.length))
        .map((members) => [task, formatLength(members[0]?.length), ...scoreCells(members, summary)]);
    }),
  };
}
