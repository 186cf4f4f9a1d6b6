/** A series is what the report compares: one subject with one strategy under the same settings throughout. */
import { type Json, strategies } from '@memagent/core';
import type { EvalRecord } from '../runner/record.ts';

export interface Series {
  subject: string;
  strategy: string;
  /** Tells it from the others of its subject: the strategy, numbered where it was used under several settings. */
  shortLabel: string;
  /** Tells it from all others: with the subject, where there are several. */
  label: string;
  settings: Json;
  /** Which colour and symbol it has in every chart. */
  look: number;
}

/** The most series that one chart can tell apart. */
export const chartSeries = 8;

/** Equal for records of the same series. */
export function seriesKey({
  subject,
  strategy,
  settings,
}: Pick<Series, 'subject' | 'strategy' | 'settings'>): string {
  return JSON.stringify([subject, strategy, settings]);
}

/** The series of all records by their keys: subjects in order of name, strategies in that of core's list. */
export function nameSeries(records: readonly EvalRecord[]): Map<string, Series> {
  const known = strategies.map(({ name }) => name);
  const names = [...new Set([...known, ...records.map(({ strategy }) => strategy).toSorted()])];
  const first = [...Map.groupBy(records, seriesKey).values()].flatMap(([record]) => record ?? []);
  const sorted = first.toSorted(
    (a, b) =>
      a.subject.localeCompare(b.subject) ||
      names.indexOf(a.strategy) - names.indexOf(b.strategy) ||
      a.at - b.at,
  );
  const shortLabels = sorted.map((record) => {
    const twins = sorted.filter(
      ({ subject, strategy }) => subject === record.subject && strategy === record.strategy,
    );
    return twins.length > 1 ? `${record.strategy} #${twins.indexOf(record) + 1}` : record.strategy;
  });
  const distinct = [...new Set(shortLabels)];
  const hasSubjects = new Set(sorted.map(({ subject }) => subject)).size > 1;
  return new Map(
    sorted.map((record, index) => {
      const { subject, strategy, settings } = record;
      const shortLabel = shortLabels[index]!;
      const label = hasSubjects ? `${subject} · ${shortLabel}` : shortLabel;
      // Too many for one chart: each subject has charts of its own, and a strategy looks the same in all.
      const look = sorted.length > chartSeries ? distinct.indexOf(shortLabel) : index;
      return [seriesKey(record), { subject, strategy, shortLabel, label, settings, look }];
    }),
  );
}
