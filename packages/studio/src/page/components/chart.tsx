/** A line chart with its numbers as a table, for those who cannot see it. */
import uPlot from 'uplot';
// oxlint-disable-next-line import/no-unassigned-import -- the bundler puts it beside the page's own styles
import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'preact/hooks';
import { formatShort } from '../format.ts';
import { useColours } from './use-colours.ts';

/** Marks that the axis leaves without a label are null. */
function labelsOf(_plot: uPlot, values: readonly (number | null)[]): string[] {
  return values.map((value) => (value === null ? '' : formatShort(value)));
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

/** Lines differ by their strokes as well. */
const dashes: readonly number[][] = [[], [6, 3], [2, 3], [8, 3, 2, 3]];

const height = 220;

/** What is along the bottom is counted. */
const wholeSteps = Array.from({ length: 7 }, (_, power) =>
  [1, 2, 5].map((first) => first * 10 ** power),
).flat();

/** Most rows of the table. */
const mostRows = 40;

export function Chart({ title, axis, points, lines, isLogarithmic = false }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const colours = useColours(colourNames);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const strokes = colourNames.slice(0, 5).map((name) => colours[name]);
    const look = {
      stroke: colours['ink-2'],
      grid: { stroke: colours.line, width: 1 },
      ticks: { stroke: colours.line },
    };
    const options: uPlot.Options = {
      width: element.clientWidth,
      height,
      cursor: { y: false },
      scales: { x: { time: false, ...(isLogarithmic ? { distr: 3, log: 2 as const } : {}) } },
      axes: [
        {
          ...look,
          label: axis,
          incrs: wholeSteps,
          values: labelsOf,
        },
        { ...look, size: 56, values: labelsOf },
      ],
      series: [
        { label: axis },
        ...lines.map(({ name }, index) => ({
          label: name,
          stroke: strokes[index % strokes.length] ?? '',
          width: 1.75,
          dash: dashes[Math.floor(index / strokes.length) % dashes.length] ?? [],
          spanGaps: true,
          points: { show: points.length <= 24 },
        })),
      ],
      legend: { show: lines.length > 1 },
    };
    const data = [[...points], ...lines.map(({ values }) => [...values])] as uPlot.AlignedData;
    const plot = new uPlot(options, data, element);
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [points, lines, colours, isLogarithmic]);
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
                        {values[index] == null ? '–' : formatShort(values[index])}
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
