/** What a question takes against the length of the document, each series with the straight line that fits it. */
import { formatTokens } from '../format-number.ts';
import type { Summary } from '../summarize.ts';
import type { Chart } from './chart.ts';
import { chartFrame, frameHeight, type LegendEntry } from './chart-frame.ts';
import type { ChartTheme } from './chart-theme.ts';
import { type CostLine, costLines } from './cost-lines.ts';
import { costTable } from './cost-table.ts';
import { type Cost, costs } from './costs.ts';
import { describeBasis } from './describe-basis.ts';
import { facetsOf, facetTitle } from './facets.ts';
import { logAxis, place, powersOfTwo } from './log-axis.ts';
import { lookOf } from './look-of.ts';

export function costCharts(summary: Summary): Chart[] {
  return facetsOf(summary.series).flatMap((facet) =>
    costs.flatMap((cost) => {
      const lines = costLines(summary, facet, cost.of);
      return lines.length === 0 ? [] : [costChart(facetTitle(cost.title, facet), cost, lines)];
    }),
  );
}

function costChart(title: string, cost: Cost, lines: readonly CostLine[]): Chart {
  const { axis, ticks, format, atOnce, note = '' } = cost;
  const points = lines.flatMap((line) => line.points);
  const tokens = points.map((point) => point.tokens);
  const range = { low: Math.min(...tokens), high: Math.max(...tokens) };
  const ends = atOnce ? [atOnce.of(range.low), atOnce.of(range.high)] : [];
  const values = [...points.map(({ value }) => value), ...ends];
  const legend: LegendEntry[] = [
    ...lines.map(({ name }) => ({ name })),
    ...(atOnce ? [{ name: atOnce.name, isLine: true }] : []),
  ];
  return {
    id: title,
    title,
    caption: `Both axes logarithmic; dashed: a + b × tokens of the document, fitted to the points; ${describeBasis(points.map(({ effort }) => effort))}.${note}`,
    height: 250 + frameHeight(legend),
    option: (theme) => ({
      ...chartFrame(title, legend, theme),
      xAxis: {
        ...logAxis(
          {
            name: 'length of the document in tokens',
            values: tokens,
            ticks: powersOfTwo(tokens),
            format: formatTokens,
          },
          theme,
        ),
        nameGap: 28,
      },
      yAxis: {
        ...logAxis({ name: axis, values, ticks: ticks(values), format }, theme),
        nameGap: 52,
        splitLine: { show: true, lineStyle: { color: theme.rule } },
      },
      series: [
        ...(atOnce
          ? [
              {
                ...drawCurve(atOnce.of, range, theme.reference, 3, 'solid'),
                name: atOnce.name,
                color: theme.reference,
              },
            ]
          : []),
        ...lines.flatMap((line, index) => drawLine(line, lines.length - index, range, theme)),
      ],
    }),
    table: costTable(title, cost, lines),
  };
}

/**
 * The points as measured and, where it could be fitted, the line. Symbols on top are smaller, by `rank`, so that
 * all can be seen where series cost the same.
 */
function drawLine({ series, name, points, fit }: CostLine, rank: number, range: Range, theme: ChartTheme) {
  const { color, ...look } = lookOf(series, theme);
  const fitted = (tokens: number): number => fit!.intercept + fit!.slope * tokens;
  return [
    ...(fit ? [drawCurve(fitted, range, color, 1.5, 'dashed')] : []),
    {
      type: 'line' as const,
      name,
      silent: true,
      data: points.map(({ tokens, value }) => [place(tokens), place(value)]),
      color,
      lineStyle: { width: 0 },
      ...look,
      symbolSize: look.symbolSize + 2 * (rank - 1),
      z: 3,
    },
  ];
}

interface Range {
  low: number;
  high: number;
}

/** A straight line is bent on logarithmic axes: it needs more points than its two ends. */
const curvePoints = 33;

/** Left out where the value is not positive, which such an axis cannot show. */
function drawCurve(
  valueOf: (tokens: number) => number,
  { low, high }: Range,
  color: string,
  width: number,
  type: 'solid' | 'dashed',
) {
  const data = Array.from({ length: curvePoints }, (_, index) => {
    const tokens = low * (high / low) ** (index / (curvePoints - 1));
    return [place(tokens), place(valueOf(tokens))];
  });
  return {
    type: 'line' as const,
    silent: true,
    symbol: 'none',
    data: data.filter(([, y]) => Number.isFinite(y)),
    lineStyle: { color, width, type },
  };
}
