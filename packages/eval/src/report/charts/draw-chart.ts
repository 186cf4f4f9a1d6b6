/** Draws a chart as SVG with Apache ECharts, without a browser. */
import { CustomChart, HeatmapChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent, VisualMapComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { escapeHtml } from '../html/html.ts';
import { type Chart, chartWidth } from './chart.ts';
import type { ChartTheme } from './chart-theme.ts';

// ECharts draws only what was registered; registering twice does nothing.
use([
  CustomChart,
  HeatmapChart,
  LineChart,
  ScatterChart,
  GridComponent,
  LegendComponent,
  TitleComponent,
  VisualMapComponent,
  SVGRenderer,
]);

/** The same chart and theme give the same text. */
export function drawChart(chart: Chart, theme: ChartTheme): string {
  const instance = init(null, null, { renderer: 'svg', ssr: true, width: chartWidth, height: chart.height });
  try {
    instance.setOption({
      animation: false,
      backgroundColor: theme.background,
      textStyle: { fontFamily: 'Arimo, Arial, Helvetica, sans-serif', color: theme.text },
      ...chart.option(theme),
    });
    return (
      instance
        .renderToSVGString({ useViewBox: true })
        // Styles under a pointer, and the names for them, are of no use in a picture.
        .replaceAll(/<style [^]*?<\/style>\s*| (?:class|ecmeta_\w+|pointer-events)="[^"]*"/g, '')
        // The renderer numbers its pictures from the start of the process.
        .replaceAll(/\bzr\d+-/g, '')
        .replace('>', ` role="img"><title>${escapeHtml(chart.title)}</title>`)
    );
  } finally {
    instance.dispose();
  }
}
