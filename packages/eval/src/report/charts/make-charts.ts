import type { Summary } from '../summarize.ts';
import { accuracyCharts } from './accuracy-charts.ts';
import type { Chart } from './chart.ts';
import { costCharts } from './cost-charts.ts';
import { depthCharts } from './depth-charts.ts';
import type { PaperResults } from './paper-results.ts';
import { tradeOffCharts } from './trade-off-charts.ts';

/** Charts of one question that the report answers. */
export interface ChartSection {
  id: string;
  title: string;
  charts: readonly Chart[];
}

/** All charts that the records allow, section by section, each with an id that fits a file name. */
export function makeCharts(summary: Summary, paper: PaperResults): ChartSection[] {
  const used = new Map<string, number>();
  const name = (chart: Chart): Chart => {
    const id = slug(chart.id);
    const times = (used.get(id) ?? 0) + 1;
    used.set(id, times);
    return { ...chart, id: times === 1 ? id : `${id}--${times}` };
  };
  return [
    { id: 'length', title: 'Accuracy by length', charts: accuracyCharts(summary, paper).map(name) },
    { id: 'depth', title: 'Accuracy by depth and length', charts: depthCharts(summary).map(name) },
    { id: 'trade-off', title: 'Accuracy against tokens and time', charts: tradeOffCharts(summary).map(name) },
    { id: 'cost', title: 'Cost by length', charts: costCharts(summary).map(name) },
  ].filter(({ charts }) => charts.length > 0);
}

/** `Accuracy by length: vt` is `accuracy-by-length-vt`. */
function slug(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9_.]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '');
}
