import { type Length, lengthKey } from '../length.ts';
import { type Effort, measureEffort } from '../measure.ts';
import type { Series } from '../series.ts';
import { recordsOf, type Summary } from '../summarize.ts';
import type { Facet } from './facets.ts';
import { fitLine, type LinearFit } from './linear-fit.ts';

/** What one series took at each length. */
export interface CostLine {
  series: Series;
  name: string;
  points: CostPoint[];
  fit: LinearFit | undefined;
}

export interface CostPoint {
  length: Length;
  /** Mean length of the documents. */
  tokens: number;
  value: number;
  effort: Effort;
}

/** Of documents whose tokens are known, all tasks together; a series without any cost has no line. */
export function costLines(
  summary: Pick<Summary, 'groups'>,
  { series, nameOf }: Facet,
  costOf: (effort: Effort) => number | undefined,
): CostLine[] {
  return series.flatMap((one) => {
    const own = summary.groups.filter((group) => group.series === one);
    const points = [...Map.groupBy(own, ({ length }) => lengthKey(length)).values()].flatMap(
      (groups): CostPoint[] => {
        const length = groups[0]?.length;
        const records = recordsOf(groups);
        if (!length || records.some(({ tokens }) => tokens === 0)) return [];
        const effort = measureEffort(records);
        const value = costOf(effort) ?? 0;
        const tokens = records.reduce((sum, record) => sum + record.tokens, 0) / records.length;
        return value > 0 ? [{ length, tokens, value, effort }] : [];
      },
    );
    const sorted = points.toSorted((a, b) => a.tokens - b.tokens);
    const fit = fitLine(sorted.map(({ tokens, value }) => [tokens, value] as const));
    return sorted.length === 0 ? [] : [{ series: one, name: nameOf(one), points: sorted, fit }];
  });
}
