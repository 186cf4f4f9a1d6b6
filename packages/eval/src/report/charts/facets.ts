import { chartSeries, type Series } from '../series.ts';

/** Series that share a chart. */
export interface Facet {
  /** Of the subject, where each has charts of its own; else empty. */
  label: string;
  series: readonly Series[];
  /** What a series is called here: the title has the subject, where it is one for all. */
  nameOf: (series: Series) => string;
}

/** All series in one chart if it can tell them apart, otherwise a chart for each subject. */
export function facetsOf(series: readonly Series[]): Facet[] {
  if (series.length <= chartSeries) return [{ label: '', series, nameOf: ({ label }) => label }];
  return [...Map.groupBy(series, ({ subject }) => subject)].map(([label, members]) => ({
    label,
    series: members,
    nameOf: ({ shortLabel }) => shortLabel,
  }));
}

/** `Accuracy by length: vt`, `Accuracy by length: vt, qwen3-8b`. */
export function facetTitle(title: string, { label }: Facet): string {
  if (label === '') return title;
  return title.includes(': ') ? `${title}, ${label}` : `${title}: ${label}`;
}
