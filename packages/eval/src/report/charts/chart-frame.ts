/** What all charts have in common: title, legend, the room that is left, the style of the axes. */
import { type ChartOption, chartWidth } from './chart.ts';
import type { ChartTheme } from './chart-theme.ts';

const margin = 12;
const legendRow = 22;

export interface LegendEntry {
  name: string;
  /** It has no symbols. */
  isLine?: boolean;
}

/** `legend` lists what is in the legend, in order; empty for none. */
export function chartFrame(
  title: string,
  legend: readonly LegendEntry[],
  theme: ChartTheme,
): Pick<ChartOption, 'title' | 'legend' | 'grid'> {
  const rows = legendRows(legend);
  return {
    title: {
      text: title,
      left: margin,
      top: 10,
      textStyle: {
        fontSize: 15,
        fontWeight: 'normal',
        color: theme.text,
        width: chartWidth - 2 * margin,
        overflow: 'truncate',
      },
    },
    legend: {
      show: legend.length > 0,
      data: legend.map(({ name, isLine }) => ({ name, ...(isLine ? { itemStyle: { opacity: 0 } } : {}) })),
      left: margin - 5,
      top: 34,
      itemGap: 10,
      textStyle: { fontSize: 13, color: theme.text },
      inactiveColor: theme.muted,
    },
    grid: { top: 52 + rows * legendRow, left: margin, right: 20, bottom: margin },
  };
}

/** Height of everything but the plot, for charts whose legends differ. */
export function frameHeight(legend: readonly LegendEntry[]): number {
  return 110 + legendRows(legend) * legendRow;
}

export function axisStyle(name: string, theme: ChartTheme) {
  return {
    name,
    nameLocation: 'middle' as const,
    nameTextStyle: { fontSize: 13, color: theme.muted },
    axisLine: { show: true, onZero: false, lineStyle: { color: theme.muted } },
    axisTick: { lineStyle: { color: theme.muted } },
    axisLabel: { fontSize: 13, color: theme.text, hideOverlap: true },
    splitLine: { show: true, lineStyle: { color: theme.rule } },
  };
}

/** Of a share in per cent, always from 0 to 100: a cut axis makes small differences look large. */
export function percentAxis(name: string, theme: ChartTheme) {
  return { ...axisStyle(name, theme), type: 'value' as const, min: 0, max: 100, interval: 20, nameGap: 34 };
}

/** How ECharts will break the legend into rows: it sets them one after another while they fit. */
function legendRows(legend: readonly LegendEntry[]): number {
  let rows = 0;
  let left = 0;
  for (const { name } of legend) {
    const width = 40 + name.length * 6.8;
    if (width > left) {
      rows += 1;
      left = chartWidth - margin;
    }
    left -= width;
  }
  return rows;
}
