import type { CustomSeriesOption } from 'echarts/charts';

/** A point with its interval: place on the x axis, then the two ends on the y axis. */
export type Whisker = [x: number, low: number, high: number];

const capWidth = 3;

/** Vertical whiskers in one colour. */
export function whiskers(data: Whisker[], colour: string): CustomSeriesOption {
  return {
    type: 'custom',
    silent: true,
    data,
    encode: { x: 0, y: [1, 2] },
    renderItem(_params, api) {
      const [x = 0, low = 0] = api.coord([api.value(0), api.value(1)]);
      const [, high = 0] = api.coord([api.value(0), api.value(2)]);
      const cap = `m${-capWidth},0h${2 * capWidth}`;
      return {
        type: 'path',
        shape: { pathData: `M${x},${low}V${high}M${x},${low}${cap}M${x},${high}${cap}` },
        style: { stroke: colour, lineWidth: 1.25, opacity: 0.75, fill: 'none' },
      };
    },
  };
}
