/** A line chart with its numbers as a table, for those who cannot see it. */
import uPlot from 'uplot';
// oxlint-disable-next-line import/no-unassigned-import -- the bundler puts it beside the page's own styles
import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'preact/hooks';
import { formatShare, formatShort } from '../format.ts';
import { useColours } from './use-colours.ts';

/** Marks that the axis leaves without a label are null. */
function labelsOf(_plot: uPlot, values: readonly (number | null)[]): string[] {
  return values.map((value) => (value === null ? '' : formatShort(value)));
}

function sharesOf(_plot: uPlot, values: readonly (number | null)[]): string[] {
  return values.map((value) => (value === null ? '' : formatShare(value)));
}

/** A line that is level is not drawn on a scale of its own making. */
function rangeOf(_plot: uPlot, least: number | null, most: number | null): uPlot.Range.MinMax {
  if (least === null || most === null) return [0, 1];
  if (least !== most) return uPlot.rangeNum(least, most, 0.1, true);
  return least === 0 ? [0, 1] : [Math.min(0, 1.25 * least), Math.max(0, 1.25 * most)];
}

export interface ChartLine {
  name: string;
  /** One for each point; null where there is none. */
  values: readonly (number | null)[];
}

export interface ChartProps {
  title: string;
  /** What is along the bottom. */
  axis: string;
  points: readonly number[];
  lines: readonly ChartLine[];
  /** Along the bottom by powers of two, as lengths are. */
  isLogarithmic?: boolean;
  /** Up the side from 0 to 100%. */
  areShares?: boolean;
}

const colourNames = [
  'state-changed',
  'state-retried',
  'good',
  'state-failed',
  'state-kept',
  'ink-2',
  'line',
] as const;

/** Lines differ by their strokes as well, so that two in the same place are both seen. */
const dashes: readonly number[][] = [[], [6, 3], [2, 3], [8, 3, 2, 3]];

/** In the sizes of a page whose text is 16 pixels high. */
const height = 220;
const valueRoom = 56;
const labelSize = 12;

/** What is along the bottom is counted. */
const wholeSteps = Array.from({ length: 7 }, (_, power) =>
  [1, 2, 5].map((first) => first * 10 ** power),
).flat();

/** Most rows of the table. */
const mostRows = 40;

export function Chart({ title, axis, points, lines, isLogarithmic = false, areShares = false }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const colours = useColours(colourNames);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const strokes = colourNames.slice(0, 5).map((name) => colours[name]);
    // On a large screen all text is larger.
    const scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    const font = `${labelSize * scale}px ${getComputedStyle(element).fontFamily}`;
    const size = (): { width: number; height: number } => ({
      width: element.clientWidth,
      height: height * scale,
    });
    const look = {
      font,
      labelFont: `bold ${font}`,
      labelSize: 30 * scale,
      stroke: colours['ink-2'],
      grid: { stroke: colours.line, width: 1 },
      ticks: { stroke: colours.line },
    };
    const options: uPlot.Options = {
      ...size(),
      cursor: { y: false },
      scales: {
        x: { time: false, ...(isLogarithmic ? { distr: 3, log: 2 as const } : {}) },
        y: { range: areShares ? [0, 1] : rangeOf },
      },
      axes: [
        {
          ...look,
          label: axis,
          size: 50 * scale,
          incrs: wholeSteps,
          values: labelsOf,
        },
        { ...look, size: valueRoom * scale, values: areShares ? sharesOf : labelsOf },
      ],
      series: [
        { label: axis },
        ...lines.map(({ name }, index) => ({
          label: name,
          stroke: strokes[index % strokes.length] ?? '',
          width: 1.75,
          dash: dashes[index % dashes.length] ?? [],
          value: (_plot: uPlot, value: number | null) =>
            value === null ? '' : areShares ? formatShare(value) : formatShort(value),
          spanGaps: true,
          points: { show: points.length <= 24 },
        })),
      ],
      legend: { show: lines.length > 1 },
    };
    const data = [[...points], ...lines.map(({ values }) => [...values])] as uPlot.AlignedData;
    const plot = new uPlot(options, data, element);
    const observer = new ResizeObserver(() => plot.setSize(size()));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [points, lines, colours, isLogarithmic, areShares]);
  const stride = Math.ceil(points.length / mostRows);
  return (
    <figure class="stack tight">
      <figcaption>
        <h3>{title}</h3>
      </figcaption>
      <div class="chart" ref={place} aria-hidden="true" />
      <details class="small">
        <summary>Numbers</summary>
        <div class="table-frame scroller" tabIndex={0} role="region" aria-label={`Numbers of ${title}`}>
          <table>
            <thead>
              <tr>
                <th scope="col" class="number">
                  {axis}
                </th>
                {lines.map(({ name }) => (
                  <th key={name} scope="col" class="number">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {points.map((point, index) =>
                index % stride === 0 || index === points.length - 1 ? (
                  <tr key={point}>
                    <th scope="row" class="number">
                      {formatShort(point)}
                    </th>
                    {lines.map(({ name, values }) => (
                      <td key={name} class="number">
                        {values[index] == null
                          ? '–'
                          : areShares
                            ? formatShare(values[index])
                            : formatShort(values[index])}
                      </td>
                    ))}
                  </tr>
                ) : null,
              )}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
