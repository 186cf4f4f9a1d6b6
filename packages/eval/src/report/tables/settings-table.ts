import type { Json } from '@memagent/core';
import { recordsOf, type Summary } from '../summarize.ts';
import type { Table } from '../table.ts';

/** Under which settings each series read: those that are one value; the page has the others in full. */
export function settingsTable({ series, groups }: Pick<Summary, 'series' | 'groups'>): Table {
  const settings = series.map((one) => plainSettings(one.settings));
  const names = [...new Set(settings.flatMap((one) => [...one.keys()]))];
  return {
    title: 'Settings',
    columns: ['read with', 'subject', ...names, 'memagent', 'node', 'asked'].map((title) => ({ title })),
    rows: series.map((one, index) => {
      const records = recordsOf(groups.filter((group) => group.series === one));
      const days = records.map(({ at }) => new Date(at).toISOString().slice(0, 10));
      return [
        one.label,
        one.subject,
        ...names.map((name) => settings[index]?.get(name) ?? '–'),
        distinct(records.map(({ versions }) => versions.memagent)),
        distinct(records.map(({ versions }) => versions.node)),
        distinct(days),
      ];
    }),
  };
}

function plainSettings(settings: Json): Map<string, string> {
  const entries = settings !== null && typeof settings === 'object' ? Object.entries(settings) : [];
  return new Map(
    entries.flatMap(([name, value]): [string, string][] =>
      typeof value === 'object' && value !== null ? [] : [[name, value === null ? 'none' : String(value)]],
    ),
  );
}

function distinct(values: readonly string[]): string {
  return [...new Set(values)].toSorted().join(', ');
}
