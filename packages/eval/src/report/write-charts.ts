import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Chart } from './charts/chart.ts';
import { darkTheme, lightTheme } from './charts/chart-theme.ts';
import { drawChart } from './charts/draw-chart.ts';
import { drawPng } from './charts/draw-png.ts';

/** Writes each chart as `<id>.svg` and `<id>.png`, and as `<id>-dark.*` in the dark look. Gives the paths. */
export async function writeCharts(folder: string, charts: readonly Chart[]): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for (const chart of charts) {
    for (const theme of [lightTheme, darkTheme]) {
      const path = join(folder, theme.name === 'light' ? chart.id : `${chart.id}-${theme.name}`);
      const svg = drawChart(chart, theme);
      await writeFile(`${path}.svg`, svg);
      await writeFile(`${path}.png`, await drawPng(svg));
      paths.push(`${path}.svg`, `${path}.png`);
    }
  }
  return paths;
}
