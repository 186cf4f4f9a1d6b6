import {
  axisStyle,
  type Chart,
  chartFrame,
  type ChartTheme,
  formatCount,
  formatShort,
  frameHeight,
  percentAxis,
} from '@memagent/eval/report';
import type { StepMetrics } from '../trainer/metrics.ts';
import type { Curve } from './curves.ts';
import { meanOver, type Measure, type Stretch, thin } from './thin.ts';

/** Most points of a line, and most rows of its table. */
const most = { points: 240, rows: 40 };

/** Beside their colours, lines differ by their strokes. */
const strokes = ['solid', 'dashed', 'dotted'] as const;

/** A curve over the steps of one phase, with its numbers as a table. `phase` tells its id from that of the others. */
export function drawCurve(phase: string, curve: Curve, metrics: readonly StepMetrics[]): Chart {
  const { title, lines, isShare = false, hasLegend = lines.length > 1 } = curve;
  const points = thin(metrics, most.points);
  const legend = hasLegend ? lines.map(({ name }) => ({ name, isLine: true })) : [];
  const size = points[0]?.metrics.length ?? 1;
  return {
    id: `${phase}-${curve.id}`,
    title,
    caption: curve.caption + (size > 1 ? ` Each point is the mean of ${formatCount(size)} steps.` : ''),
    height: 180 + frameHeight(legend),
    option: (theme) => ({
      ...chartFrame(title, legend, theme),
      xAxis: {
        ...axisStyle('step', theme),
        type: 'value',
        min: metrics[0]?.step ?? 0,
        max: metrics.at(-1)?.step ?? 1,
        minInterval: 1,
        nameGap: 28,
      },
      yAxis: isShare ? percentAxis(curve.axis, theme) : numberAxis(curve.axis, theme),
      series: lines.map(({ name, measure }, index) => ({
        type: 'line' as const,
        name,
        silent: true,
        // A lone point would not be seen as a line.
        symbol: points.length === 1 ? 'circle' : 'none',
        connectNulls: true,
        color: colourOf(index, theme),
        lineStyle: {
          color: colourOf(index, theme),
          width: 2,
          type: strokes[index % strokes.length] ?? 'solid',
        },
        data: points.map((stretch) => [stretch.step, valueOf(stretch, measure, isShare) ?? null]),
      })),
    }),
    table: {
      title,
      columns: [{ title: 'step' }, ...lines.map(({ name }) => ({ title: name, isNumber: true }))],
      rows: thin(metrics, most.rows).map((stretch) => [
        { text: stepsOf(stretch), value: stretch.step },
        ...lines.map(({ measure }) => {
          const value = valueOf(stretch, measure, isShare);
          return value === undefined
            ? { text: '–', value: -1 }
            : { text: isShare ? value.toFixed(1) : formatShort(value), value };
        }),
      ]),
    },
  };
}

function valueOf(stretch: Stretch, measure: Measure, isShare: boolean): number | undefined {
  const value = meanOver(stretch, measure);
  return value === undefined || !isShare ? value : 100 * value;
}

function numberAxis(name: string, theme: ChartTheme) {
  const { axisLabel, ...style } = axisStyle(name, theme);
  return {
    ...style,
    type: 'value' as const,
    scale: false,
    nameGap: 52,
    axisLabel: { ...axisLabel, formatter: formatShort },
  };
}

function colourOf(index: number, theme: ChartTheme): string {
  return theme.series[index % theme.series.length]!;
}

function stepsOf({ step, metrics }: Stretch): string {
  const first = metrics[0]?.step ?? step;
  return first === step ? formatCount(step) : `${formatCount(first)}–${formatCount(step)}`;
}
