/** A series is what the report compares: one subject with one strategy under the same settings throughout. */
import { type Json, strategies } from '@memagent/core';
import type { EvalRecord } from '../runner/record.ts';

export interface Series {
  subject: string;
  strategy: string;
  /** As short as it can be without being taken for another one. */
  label: string;
  settings: Json;
  /** Which colour and symbol it has in every chart. */
  look: number;
}

/** The most series that one chart can tell apart. */
export const chartSeries = 8;

/** Equal for records of the same series. */
export function seriesKey({ subject, strategy, settings }: Omit<Series, 'label' | 'look'>): string {
  return JSON.stringify([subject, strategy, settings]);
}

/** The series of all records by their keys: subjects in order of name, strategies in that of core's list. */
export function nameSeries(records: readonly EvalRecord[]): Map<string, Series> {
  const known = strategies.map(({ name }) => name);
  const names = [...new Set([...known, ...records.map(({ strategy }) => strategy).toSorted()])];
  const first = [...Map.groupBy(records, seriesKey)].map(([key, [record]]) => ({ key, record: record! }));
  const sorted = first.toSorted(
    (a, b) =>
      a.record.subject.localeCompare(b.record.subject) ||
      names.indexOf(a.record.strategy) - names.indexOf(b.record.strategy) ||
      a.record.at - b.record.at,
  );
  const hasSubjects = new Set(records.map(({ subject }) => subject)).size > 1;
  const plain = sorted.map(({ record: { subject, strategy } }) =>
    hasSubjects ? `${subject} · ${strategy}` : strategy,
  );
  const used = [...new Set(sorted.map(({ record }) => record.strategy))];
  return new Map(
    sorted.map(({ key, record: { subject, strategy, settings } }, index) => {
      const name = plain[index]!;
      const twins = plain.filter((other) => other === name).length;
      const place = plain.slice(0, index + 1).filter((other) => other === name).length;
      const label = twins > 1 ? `${name} #${place}` : name;
      // Too many for one chart: each subject has charts of its own, and a strategy looks the same in all.
      const look = sorted.length > chartSeries ? used.indexOf(strategy) : index;
      return [key, { subject, strategy, label, settings, look }];
    }),
  );
}
