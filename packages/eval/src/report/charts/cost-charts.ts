/** What a question takes against the length of the document, each series with the straight line that fits it. */
import { formatCost, formatCount, formatDuration, formatShort, formatTokens } from '../format-number.ts';
import type { Known, Measures } from '../measure.ts';
import type { Summary } from '../summarize.ts';
import type { Cell } from '../table.ts';
import { type TransformerShape, callFlops, questionFlops, qwen14bShape } from './attention-flops.ts';
import type { Chart } from './chart.ts';
import { axisStyle, chartFrame, frameHeight, type LegendEntry } from './chart-frame.ts';
import type { ChartTheme } from './chart-theme.ts';
import { type CostLine, costLines } from './cost-lines.ts';
import { describeBasis } from './describe-basis.ts';
import { facetsOf, facetTitle } from './facets.ts';
import { logAxis, place, powersOfTen, powersOfTwo, times } from './log-axis.ts';
import { lookOf } from './look-of.ts';

interface Cost {
  title: string;
  axis: string;
  of: (measures: Measures) => Known | undefined;
  /** For ticks, and for the table. */
  format: (value: number) => string;
  exact: (value: number) => string;
  ticks: (values: readonly number[]) => readonly number[];
  /** What reading the whole document at once would take. */
  estimate?: { name: string; of: (tokens: number) => number };
  note?: string;
}

const shape: TransformerShape = qwen14bShape;

const costs: readonly Cost[] = [
  {
    title: 'Tokens by length',
    axis: 'tokens per question',
    of: ({ tokens }) => tokens,
    format: formatTokens,
    exact: formatCount,
    ticks: powersOfTwo,
  },
  {
    title: 'Computation by length',
    axis: 'PFLOP per question (estimate)',
    of: ({ tokens, calls }) =>
      tokens &&
      calls && {
        value: questionFlops({ tokens: tokens.value, calls: calls.value }, shape) / 1e15,
        n: tokens.n,
      },
    format: formatShort,
    exact: formatShort,
    ticks: () => powersOfTen,
    estimate: { name: 'full attention (estimate)', of: (tokens) => callFlops(tokens, shape) / 1e15 },
    note: ` Computed for the shape of ${shape.name}; see “How the numbers are made”.`,
  },
  {
    title: 'Money by length',
    axis: 'cost per question',
    of: ({ cost }) => cost,
    format: formatShort,
    exact: formatCost,
    ticks: () => powersOfTen,
  },
  {
    title: 'Time by length',
    axis: 'median time per question',
    of: ({ elapsedMs }) => elapsedMs,
    format: formatDuration,
    exact: formatDuration,
    ticks: times,
  },
];

export function costCharts(summary: Summary): Chart[] {
  return facetsOf(summary.series).flatMap((facet) =>
    costs.flatMap((cost) => {
      const lines = costLines(summary, facet, cost.of);
      return lines.length === 0 ? [] : [costChart(facetTitle(cost.title, facet), cost, lines)];
    }),
  );
}

function costChart(title: string, cost: Cost, lines: readonly CostLine[]): Chart {
  const points = lines.flatMap((line) => line.points);
  const lengths = [...new Set(points.map(({ tokens }) => tokens))].toSorted((a, b) => a - b);
  const estimated = lengths.map((tokens): [number, number] => [tokens, cost.estimate?.of(tokens) ?? 0]);
  const values = [...points.map(({ value }) => value), ...(cost.estimate ? estimated.map(([, y]) => y) : [])];
  const legend: LegendEntry[] = [
    ...lines.map(({ name }) => ({ name })),
    ...(cost.estimate ? [{ name: cost.estimate.name, isLine: true }] : []),
  ];
  return {
    id: title,
    title,
    caption: `Both axes logarithmic; dashed: a + b × tokens of the document, fitted to the points; ${describeBasis(points.map(({ measures }) => measures))}.${cost.note ?? ''}`,
    height: 250 + frameHeight(legend),
    option: (theme) => ({
      ...chartFrame(title, legend, theme),
      xAxis: {
        ...logAxis(
          {
            name: 'length of the document in tokens',
            values: lengths,
            ticks: powersOfTwo(lengths),
            format: formatTokens,
          },
          theme,
        ),
        nameGap: 28,
      },
      yAxis: {
        ...axisStyle(cost.axis, theme),
        ...logAxis({ name: cost.axis, values, ticks: cost.ticks(values), format: cost.format }, theme),
        nameGap: 52,
        splitLine: { show: true, lineStyle: { color: theme.rule } },
      },
      series: [
        ...(cost.estimate
          ? [
              {
                type: 'line' as const,
                name: cost.estimate.name,
                silent: true,
                symbol: 'none',
                data: estimated.map(([x, y]) => [place(x), place(y)]),
                color: theme.reference,
                lineStyle: { color: theme.reference, width: 3 },
              },
            ]
          : []),
        ...lines.flatMap((line, index) => drawLine(line, lines.length - index, lengths, theme)),
      ],
    }),
    table: {
      title,
      columns: [
        { title: 'read with' },
        { title: 'fit: a', isNumber: true },
        { title: 'b per 1,024 tokens', isNumber: true },
        { title: 'worst point off by', isNumber: true },
        ...lengths.map((tokens) => ({ title: formatTokens(tokens), isNumber: true })),
      ],
      rows: [
        ...lines.map(({ name, fit, points: own }): Cell[] => [
          name,
          fit ? signed(fit.intercept, cost.exact) : '–',
          fit ? signed(fit.slope * 1024, cost.exact) : '–',
          fit ? `${(100 * fit.worst).toFixed(1)}%` : '–',
          ...lengths.map((tokens): Cell => {
            const point = own.find((one) => one.tokens === tokens);
            return point
              ? {
                  text: cost.exact(point.value),
                  value: point.value,
                  detail: `n ${point.measures.n}${point.measures.failures === 0 ? '' : `, ${point.measures.failures} failed`}`,
                }
              : { text: '–', value: -1 };
          }),
        ]),
        ...(cost.estimate
          ? [[cost.estimate.name, '–', '–', '–', ...estimated.map(([, value]) => cost.exact(value))]]
          : []),
      ],
    },
  };
}

/**
 * The points as measured and, where it could be fitted, the line. Symbols on top are smaller, by `rank`, so that
 * all can be seen where series cost the same.
 */
function drawLine(
  { series, name, points, fit }: CostLine,
  rank: number,
  lengths: readonly number[],
  theme: ChartTheme,
) {
  const { color, ...look } = lookOf(series, theme);
  const line = fit
    ? curve(lengths).flatMap((tokens) => {
        const value = fit.intercept + fit.slope * tokens;
        return value > 0 ? [[place(tokens), place(value)]] : [];
      })
    : [];
  return [
    {
      type: 'line' as const,
      silent: true,
      symbol: 'none',
      data: line,
      lineStyle: { color, width: 1.5, type: 'dashed' as const },
    },
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

/** A straight line is bent on logarithmic axes: it needs more points than its two ends. */
function curve(lengths: readonly number[]): number[] {
  const [low, high] = [place(lengths[0]!), place(lengths.at(-1)!)];
  return Array.from({ length: 33 }, (_, index) => 2 ** (low + ((high - low) * index) / 32));
}

function signed(value: number, format: (value: number) => string): string {
  return value < 0 ? `−${format(-value)}` : format(value);
}
