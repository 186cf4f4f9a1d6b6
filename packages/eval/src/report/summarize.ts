/** Sorts the lines of any number of results files into what the report shows. */
import { MemagentError } from '@memagent/core';
import type { BootstrapOptions } from '../metrics/statistics/bootstrap.ts';
import type { EvalRecord } from '../runner/record.ts';
import { compareLengths, lengthKey, type Length, lengthOf } from './length.ts';
import { measure, type Measures } from './measure.ts';
import { nameSeries, type Series, seriesKey } from './series.ts';

/** All answers of one series to one task at one length. */
export interface Group {
  series: Series;
  task: string;
  length: Length | undefined;
  records: readonly EvalRecord[];
  measures: Measures;
}

export interface Summary {
  series: readonly Series[];
  tasks: readonly string[];
  /** By task, then length, then series; every record is in exactly one. */
  groups: readonly Group[];
  /** Lines left out because a later one holds the same question under the same conditions. */
  replaced: number;
  /** Of the intervals that are not Wilson's. */
  bootstrap: Required<BootstrapOptions>;
}

/** Throws `invalid-option` for no records: a report of nothing is a mistake in a path. */
export function summarize(
  records: readonly EvalRecord[],
  { seed = 1, resamples = 2000 }: Partial<BootstrapOptions> = {},
): Summary {
  if (records.length === 0) {
    throw new MemagentError(
      'The report was given no results. Run `memagent eval` first, or check the path.',
      {
        code: 'invalid-option',
        data: { records: 0 },
      },
    );
  }
  const bootstrap = { seed, resamples };
  const latest = latestRecords(records);
  const series = nameSeries(latest);
  const groups = [...Map.groupBy(latest, groupKey).values()].map((members): Group => {
    const [first] = members as [EvalRecord];
    return {
      series: series.get(seriesKey(first))!,
      task: first.task,
      length: lengthOf(first),
      records: members,
      measures: measure(members, bootstrap),
    };
  });
  const order = [...series.values()];
  return {
    series: order,
    tasks: [...new Set(latest.map(({ task }) => task))].toSorted(),
    groups: groups.toSorted(
      (a, b) =>
        a.task.localeCompare(b.task) ||
        compareLengths(a.length, b.length) ||
        order.indexOf(a.series) - order.indexOf(b.series),
    ),
    replaced: records.length - latest.length,
    bootstrap,
  };
}

/** All records of some groups, measured as one set. */
export function pool(groups: readonly Group[], { bootstrap }: Pick<Summary, 'bootstrap'>): Measures {
  return measure(recordsOf(groups), bootstrap);
}

/** The records of some groups. */
export function recordsOf(groups: readonly Group[]): EvalRecord[] {
  return groups.flatMap(({ records }) => records);
}

/** The last line of each key, in the order of the first: a question asked again replaces its earlier answer. */
function latestRecords(records: readonly EvalRecord[]): EvalRecord[] {
  const latest = new Map<string, EvalRecord>();
  for (const record of records) {
    const before = latest.get(record.key);
    if (!before || record.at >= before.at) latest.set(record.key, record);
  }
  return [...latest.values()];
}

function groupKey(record: EvalRecord): string {
  return JSON.stringify([record.task, lengthKey(lengthOf(record)), seriesKey(record)]);
}
