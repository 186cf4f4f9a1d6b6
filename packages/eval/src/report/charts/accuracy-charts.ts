/** Accuracy against the length of the document, with intervals: a chart for each task, and one for all of them. */
import { formatPercent } from '../format-number.ts';
import { compareLengths, formatLength, formatLengthValue, type Length, lengthKey } from '../length.ts';
import type { Measures } from '../measure.ts';
import type { Series } from '../series.ts';
import { pool, type Summary } from '../summarize.ts';
import { scoreCell } from '../tables/measure-cells.ts';
import type { Cell } from '../table.ts';
import type { Chart } from './chart.ts';
import { chartFrame, frameHeight, type LegendEntry, percentAxis } from './chart-frame.ts';
import type { ChartTheme } from './chart-theme.ts';
import { describeBasis } from './describe-basis.ts';
import { type Facet, facetsOf, facetTitle } from './facets.ts';
import { logAxis, place } from './log-axis.ts';
import { lookOf } from './look-of.ts';
import type { PaperResults } from './paper-results.ts';
import { type Whisker, whiskers } from './whiskers.ts';

interface Point {
  length: Length;
  measures: Measures;
}

interface Line {
  series: Series;
  name: string;
  points: Point[];
}

/** A published result as a line. */
interface Reference {
  name: string;
  points: { paragraphs: number; percent: number }[];
}

export function accuracyCharts(summary: Summary, paper: PaperResults): Chart[] {
  return facetsOf(summary.series).flatMap((facet) =>
    [undefined, ...summary.tasks].flatMap((task) =>
      (['tokens', 'paragraphs', 'characters'] as const).flatMap((unit) => {
        const lines =
          task === undefined ? overallLines(summary, facet, unit) : taskLines(summary, facet, unit, task);
        if (lines.every(({ points }) => points.length === 0)) return [];
        const references = task === paper.task && unit === 'paragraphs' ? referencesOf(paper) : [];
        const title = `Accuracy by length: ${task ?? 'all tasks'}`;
        return [accuracyChart(facetTitle(title, facet), unit, lines, references, paper)];
      }),
    ),
  );
}

function taskLines({ groups }: Summary, facet: Facet, unit: Length['unit'], task: string): Line[] {
  return facet.series.map((series) => ({
    series,
    name: facet.nameOf(series),
    points: groups.flatMap((group) =>
      group.series === series && group.task === task && group.length?.unit === unit
        ? [{ length: group.length, measures: group.measures }]
        : [],
    ),
  }));
}

/** Only lengths at which a series was asked every task: others would compare other tasks, not other lengths. */
function overallLines(summary: Summary, facet: Facet, unit: Length['unit']): Line[] {
  const inUnit = summary.groups.filter(({ length }) => length?.unit === unit);
  const tasks = new Set(inUnit.map(({ task }) => task)).size;
  if (tasks < 2) return [];
  return facet.series.map((series) => {
    const own = inUnit.filter((group) => group.series === series);
    const byLength = [...Map.groupBy(own, ({ length }) => lengthKey(length)).values()];
    return {
      series,
      name: facet.nameOf(series),
      points: byLength
        .filter((members) => members.length === tasks)
        .map((members) => ({ length: members[0]!.length!, measures: pool(members, summary) }))
        .toSorted((a, b) => compareLengths(a.length, b.length)),
    };
  });
}

function referencesOf({ models, lengths }: PaperResults): Reference[] {
  return models.map(({ name, scores }) => ({
    name: `paper: ${name}`,
    points: lengths.flatMap(({ paragraphs }, index) => {
      const percent = scores[index];
      return typeof percent === 'number' ? [{ paragraphs, percent }] : [];
    }),
  }));
}

function accuracyChart(
  title: string,
  unit: Length['unit'],
  lines: readonly Line[],
  references: readonly Reference[],
  paper: PaperResults,
): Chart {
  const lengths = new Map<string, Length>();
  for (const { paragraphs } of references[0]?.points ?? []) {
    const length: Length = { unit: 'paragraphs', value: paragraphs, isBound: false };
    lengths.set(lengthKey(length), length);
  }
  for (const { points } of lines) for (const { length } of points) lengths.set(lengthKey(length), length);
  const sorted = [...lengths.values()].toSorted(compareLengths);
  const shown = lines.filter(({ points }) => points.length > 0);
  const legend: LegendEntry[] = [
    ...shown.map(({ name }) => ({ name })),
    ...references.map(({ name }) => ({ name, isLine: true })),
  ];
  const basis = describeBasis(shown.flatMap(({ points }) => points.map(({ measures }) => measures)));
  const source =
    references.length === 0
      ? ''
      : ` Grey: published numbers, n = ${paper.questions} per point, no seed given (${paper.url}).`;
  return {
    id: title,
    title,
    caption: `Mean score in %, bars are 95% intervals; ${basis}.${source}`,
    height: 250 + frameHeight(legend),
    option: (theme) => ({
      ...chartFrame(title, legend, theme),
      xAxis: {
        ...logAxis(
          {
            name: `length of the document in ${unit}`,
            values: sorted.map(({ value }) => value),
            ticks: sorted.map(({ value }) => value),
            format: (tick) => formatLengthValue(sorted.find(({ value }) => value === tick)!),
          },
          theme,
        ),
        nameGap: 28,
      },
      yAxis: percentAxis('score %', theme),
      series: [
        ...references.map((reference, index) => drawReference(reference, index, theme)),
        ...shown.flatMap((line, index) => drawLine(line, index - (shown.length - 1) / 2, sorted, theme)),
      ],
    }),
    table: {
      title,
      columns: [{ title: 'length' }, ...legend.map(({ name }) => ({ title: name, isNumber: true }))],
      rows: sorted.map((length) => [
        { text: formatLength(length), value: length.value },
        ...shown.map(({ points }): Cell => {
          const point = points.find((one) => lengthKey(one.length) === lengthKey(length));
          return point ? scoreCell(point.measures) : { text: '–', value: -1 };
        }),
        ...references.map(({ points }): Cell => {
          const point = points.find(({ paragraphs }) => paragraphs === length.value);
          return point
            ? { text: formatPercent(point.percent / 100), value: point.percent }
            : { text: '–', value: -1 };
        }),
      ]),
    },
  };
}

/** `rank` moves the line sideways by a little, so that whiskers at the same length stand beside each other. */
function drawLine(
  { series, name, points }: Line,
  rank: number,
  lengths: readonly Length[],
  theme: ChartTheme,
) {
  const values = lengths.map(({ value }) => place(value));
  const shift = rank * Math.max(0.3, values.at(-1)! - values[0]!) * 0.014;
  const { color, ...look } = lookOf(series, theme);
  const x = ({ length }: Point): number => place(length.value) + shift;
  return [
    whiskers(
      points.map((point): Whisker => {
        const { low, high } = point.measures.interval;
        return [x(point), 100 * low, 100 * high];
      }),
      color,
    ),
    {
      type: 'line' as const,
      name,
      silent: true,
      data: points.map((point) => [x(point), 100 * point.measures.score]),
      color,
      lineStyle: { color, width: 2 },
      z: 3,
      ...look,
    },
  ];
}

const dashes = ['solid', 'dashed', 'dotted', [9, 3, 2, 3], [2, 5]] as const;

function drawReference({ name, points }: Reference, index: number, theme: ChartTheme) {
  const dash = dashes[index % dashes.length]!;
  return {
    type: 'line' as const,
    name,
    silent: true,
    symbol: 'none',
    data: points.map(({ paragraphs, percent }) => [place(paragraphs), percent]),
    color: theme.reference,
    lineStyle: {
      color: theme.reference,
      width: 1.5,
      type: typeof dash === 'string' ? dash : [...dash],
    },
  };
}
