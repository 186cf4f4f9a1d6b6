/** Where in the document the evidence lay, against its length: a heat map for each series. */
import type { EvalRecord } from '../../runner/record.ts';
import { formatLength, formatLengthValue, type Length, lengthKey } from '../length.ts';
import { measure, type Measures } from '../measure.ts';
import type { Series } from '../series.ts';
import type { Group, Summary } from '../summarize.ts';
import { scoreCell } from '../tables/measure-cells.ts';
import { type Chart, chartWidth } from './chart.ts';
import { axisStyle, chartFrame } from './chart-frame.ts';
import { describeBasis } from './describe-basis.ts';

/** From 0 to 100%: light and yellow is good, dark and blue is bad, also for those who see no red or green. */
const scale = ['#00224e', '#2a3f6d', '#575d6d', '#7c7b78', '#a59c74', '#d2c060', '#fee838'];
/** Cells of at least this score have dark text on them. */
const lightCell = 0.55;

/** In per cent of the document; a place counts to the nearest. */
const depths = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100];

interface DepthCell {
  length: Length;
  depth: number;
  measures: Measures;
}

export function depthCharts(summary: Summary): Chart[] {
  return (['tokens', 'paragraphs', 'characters'] as const).flatMap((unit) =>
    summary.series.flatMap((series) => {
      const groups = summary.groups.filter((group) => group.series === series && group.length?.unit === unit);
      const cells = cellsOf(groups, summary);
      return cells.length === 0 ? [] : [depthChart(series, unit, cells)];
    }),
  );
}

function cellsOf(groups: readonly Group[], { bootstrap }: Summary): DepthCell[] {
  return [...Map.groupBy(groups, ({ length }) => lengthKey(length)).values()].flatMap((members) => {
    const records = members.flatMap((group) =>
      group.records.filter((record) => depthOf(record) !== undefined),
    );
    return [...Map.groupBy(records, depthOf)].map(([depth, own]) => ({
      length: members[0]!.length!,
      depth: depth!,
      measures: measure(own, bootstrap),
    }));
  });
}

function depthOf({ meta: { depth } }: EvalRecord): number | undefined {
  return typeof depth === 'number' && depth >= 0 && depth <= 100 ? Math.round(depth / 10) * 10 : undefined;
}

function depthChart(series: Series, unit: Length['unit'], cells: readonly DepthCell[]): Chart {
  const title = `Accuracy by depth and length: ${series.label}`;
  const lengths = [...new Map(cells.map(({ length }) => [lengthKey(length), length])).values()].toSorted(
    (a, b) => a.value - b.value,
  );
  const keys = lengths.map(lengthKey);
  const basis = describeBasis(cells.map(({ measures }) => measures)).replace('per point', 'per cell');
  return {
    id: title,
    title,
    caption: `Mean score in % by place of the evidence, to the nearest tenth of the document; empty: not asked; ${basis}.`,
    height: 420,
    option: (theme) => ({
      ...chartFrame(title, [], theme),
      xAxis: {
        ...axisStyle(`length of the document in ${unit}`, theme),
        type: 'category',
        data: lengths.map(formatLengthValue),
        nameGap: 28,
        splitLine: { show: false },
      },
      yAxis: {
        ...axisStyle('place of the evidence, %', theme),
        type: 'category',
        data: depths.map(String),
        inverse: true,
        nameGap: 38,
        splitLine: { show: false },
      },
      visualMap: { show: false, min: 0, max: 100, dimension: 2, inRange: { color: scale } },
      series: [
        {
          type: 'heatmap',
          silent: true,
          data: cells.map(({ length, depth, measures: { score } }) => ({
            value: [keys.indexOf(lengthKey(length)), depths.indexOf(depth), 100 * score],
            label: { color: score >= lightCell ? '#101418' : '#ffffff' },
          })),
          itemStyle: { borderColor: theme.background, borderWidth: 2 },
          label: {
            show: lengths.length * 40 <= chartWidth,
            fontSize: 13,
            formatter: ({ value }) => Math.round((value as number[])[2] ?? 0).toString(),
          },
        },
      ],
    }),
    table: {
      title,
      columns: [
        { title: 'place' },
        ...lengths.map((length) => ({ title: formatLength(length), isNumber: true })),
      ],
      rows: depths.map((depth) => [
        { text: `${depth}%`, value: depth },
        ...keys.map((key) => {
          const cell = cells.find((one) => one.depth === depth && lengthKey(one.length) === key);
          return cell ? scoreCell(cell.measures) : { text: '–', value: -1 };
        }),
      ]),
    },
  };
}
