/**
 * Accuracy against what it took, over the questions that all series were asked: else a series that was asked
 * short documents only would look cheap and good.
 */
import { formatDuration, formatTokens } from '../format-number.ts';
import type { EvalRecord } from '../../runner/record.ts';
import { type Effort, type Known, measure, type Measures } from '../measure.ts';
import type { Series } from '../series.ts';
import { recordsOf, type Summary } from '../summarize.ts';
import { measureCells, measureColumns } from '../tables/measure-cells.ts';
import type { Chart } from './chart.ts';
import { chartFrame, frameHeight, percentAxis } from './chart-frame.ts';
import type { ChartTheme } from './chart-theme.ts';
import { describeBasis } from './describe-basis.ts';
import { type Facet, facetsOf, facetTitle } from './facets.ts';
import { logAxis, place, powersOfTwo, times } from './log-axis.ts';
import { lookOf } from './look-of.ts';
import { paretoFront } from './pareto-front.ts';
import { type Whisker, whiskers } from './whiskers.ts';

/** What is set against accuracy. */
interface Price {
  title: string;
  axis: string;
  of: (effort: Effort) => Known | undefined;
  format: (value: number) => string;
  ticks: (values: readonly number[]) => readonly number[];
}

const prices: readonly Price[] = [
  {
    title: 'Accuracy against tokens',
    axis: 'tokens per question, prompts and replies',
    of: ({ tokens }) => tokens,
    format: formatTokens,
    ticks: powersOfTwo,
  },
  {
    title: 'Accuracy against time',
    axis: 'median time per question',
    of: ({ elapsedMs }) => elapsedMs,
    format: formatDuration,
    ticks: times,
  },
];

interface Point {
  series: Series;
  name: string;
  measures: Measures;
  cost: number;
  score: number;
}

export function tradeOffCharts(summary: Summary): Chart[] {
  return facetsOf(summary.series).flatMap((facet) => {
    const shared = measureShared(summary, facet);
    return prices.flatMap((price) => {
      const points = shared.flatMap(([series, measures]): Point[] => {
        const cost = price.of(measures)?.value ?? 0;
        return cost > 0
          ? [{ series, name: facet.nameOf(series), measures, cost, score: measures.score }]
          : [];
      });
      if (points.length < 2) return [];
      const without = facet.series.filter((series) => points.every((point) => point.series !== series));
      return [tradeOffChart(facetTitle(price.title, facet), price, points, without.map(facet.nameOf))];
    });
  });
}

/** Each series over those questions that all of them were asked; nothing if there are none. */
function measureShared({ groups, bootstrap }: Summary, { series }: Facet): [Series, Measures][] {
  const all = series.map((one) => recordsOf(groups.filter((group) => group.series === one)));
  const shared = all
    .map((records) => new Set(records.map(questionKey)))
    .reduce((common, keys) => new Set([...common].filter((key) => keys.has(key))));
  if (shared.size === 0) return [];
  return series.map((one, index) => {
    const records = all[index]!.filter((record) => shared.has(questionKey(record)));
    return [one, measure(records, bootstrap)];
  });
}

function questionKey({ task, item }: EvalRecord): string {
  return JSON.stringify([task, item]);
}

function tradeOffChart(
  title: string,
  { axis, format, ticks }: Price,
  points: readonly Point[],
  without: readonly string[],
): Chart {
  const front = paretoFront(points);
  const costs = points.map(({ cost }) => cost);
  const legend = points.map(({ name }) => ({ name }));
  const left = without.length === 0 ? '' : ` Not shown, having none: ${without.join(', ')}.`;
  return {
    id: title,
    title,
    caption: `Over the questions that all were asked; ${describeBasis(points.map(({ measures }) => measures))}. Ringed and joined, the Pareto front: no other is better without costing more (${front.map(({ name }) => name).join(', ')}).${left}`,
    height: 250 + frameHeight(legend),
    option: (theme) => ({
      ...chartFrame(title, legend, theme),
      xAxis: { ...logAxis({ name: axis, values: costs, ticks: ticks(costs), format }, theme), nameGap: 28 },
      yAxis: percentAxis('score %', theme),
      series: [
        {
          type: 'line',
          silent: true,
          step: 'end',
          symbol: 'none',
          data: front.map(({ cost, score }) => [place(cost), 100 * score]),
          lineStyle: { color: theme.muted, width: 1.5, type: 'dashed' },
        },
        {
          type: 'scatter',
          silent: true,
          symbol: 'circle',
          symbolSize: 20,
          data: front.map(({ cost, score }) => [place(cost), 100 * score]),
          itemStyle: { color: 'none', borderColor: theme.muted, borderWidth: 1.5 },
        },
        ...points.flatMap((point) => drawPoint(point, theme)),
      ],
    }),
    table: {
      title,
      columns: [{ title: 'read with' }, { title: 'Pareto front' }, ...measureColumns],
      rows: points.map((point) => [
        point.name,
        front.includes(point) ? 'yes' : 'no',
        ...measureCells(point.measures),
      ]),
    },
  };
}

/** A line of one point: the legend draws the symbols of lines as the chart does. */
function drawPoint({ series, name, measures, cost, score }: Point, theme: ChartTheme) {
  const { color, ...look } = lookOf(series, theme);
  const { low, high } = measures.interval;
  const ends: Whisker = [place(cost), 100 * low, 100 * high];
  return [
    whiskers([ends], color),
    {
      type: 'line' as const,
      name,
      silent: true,
      data: [[place(cost), 100 * score]],
      color,
      lineStyle: { width: 0 },
      ...look,
      z: 4,
    },
  ];
}
