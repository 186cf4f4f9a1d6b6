import { basisOf } from '../measure.ts';
import { type Group, pool, recordsOf, type Summary } from '../summarize.ts';
import type { Table } from '../table.ts';
import { formatSeeds, scoreCell } from './measure-cells.ts';

/** Strategies side by side, a row for each task with all its lengths. */
export function taskTable(summary: Summary): Table {
  return {
    title: 'Strategy by task',
    columns: [
      { title: 'task' },
      ...summary.series.map(({ label }) => ({ title: label, isNumber: true })),
      { title: 'metric' },
      { title: 'seed' },
    ],
    rows: summary.tasks.map((task) => {
      const groups = summary.groups.filter((group) => group.task === task);
      return [
        task,
        ...scoreCells(groups, summary),
        [...new Set(groups.flatMap(({ records }) => records.map(({ metric }) => metric)))].join(', '),
        formatSeeds(basisOf(recordsOf(groups)).seeds),
      ];
    }),
  };
}

/** A score for each series; a dash where a series was not asked. */
export function scoreCells(
  groups: readonly Group[],
  summary: Pick<Summary, 'series' | 'bootstrap'>,
): Table['rows'][number] {
  return summary.series.map((series) => {
    const own = groups.filter((group) => group.series === series);
    if (own.length === 0) return { text: '–', value: -1 };
    return scoreCell(own.length === 1 ? own[0]!.measures : pool(own, summary));
  });
}
