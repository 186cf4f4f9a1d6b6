import { beforeAll, describe, expect, it } from 'vitest';
import type { EvalRecord } from '../../runner/record.ts';
import { sampleRecords } from '../sample-records.ts';
import { summarize } from '../summarize.ts';
import type { RichCell } from '../table.ts';
import type { Chart } from './chart.ts';
import { darkTheme, lightTheme } from './chart-theme.ts';
import { drawChart } from './draw-chart.ts';
import { drawPng } from './draw-png.ts';
import { makeCharts } from './make-charts.ts';
import { type PaperResults, readPaperResults } from './paper-results.ts';

let paper: PaperResults;

beforeAll(async () => {
  paper = await readPaperResults();
});

const records = sampleRecords({ seed: 3, n: 3 });

function chartsOf(some: readonly EvalRecord[]): Map<string, Chart> {
  const all = makeCharts(summarize(some, { resamples: 50 }), paper).flatMap(({ charts }) => charts);
  const charts = new Map(all.map((chart) => [chart.id, chart]));
  expect(charts.size).toBe(all.length);
  return charts;
}

function textOf(cell: string | RichCell | undefined): string | undefined {
  return typeof cell === 'string' ? cell : cell?.text;
}

function draw(theme = lightTheme): string {
  return drawChart(chartsOf(records).get('accuracy-by-length-ruler_hotpotqa')!, theme);
}

function withoutColours(svg: string): string {
  return svg.replaceAll(/#[0-9a-f]{3,6}|rgba?\([^)]*\)|light|dark/g, '');
}

it('answers each question with a chart, each with a caption that says n, failures and seed', () => {
  const charts = chartsOf(records);
  expect([...charts.keys()]).toEqual([
    'accuracy-by-length-all-tasks',
    'accuracy-by-length-niah_single_2',
    'accuracy-by-length-ruler_hotpotqa',
    'accuracy-by-length-vt',
    ...['memory', 'truncate', 'retrieve', 'map-reduce', 'refine'].map(
      (strategy) => `accuracy-by-depth-and-length-${strategy}`,
    ),
    'accuracy-against-tokens',
    'accuracy-against-time',
    'tokens-by-length',
    'computation-by-length',
    'money-by-length',
    'time-by-length',
  ]);
  for (const { caption } of charts.values()) {
    expect(caption).toMatch(/n = \d/);
    expect(caption).toMatch(/failed/);
    expect(caption).toMatch(/seed 42/);
  }
});

it('sets the published numbers beside ours, and beside no other task', () => {
  const charts = chartsOf(records);
  const { table } = charts.get('accuracy-by-length-ruler_hotpotqa')!;
  const column = table.columns.findIndex(({ title }) => title === 'paper: MemAgent-14B (v1)');
  expect(table.rows.map((row) => textOf(row[0]))).toHaveLength(10);
  expect(table.rows.map((row) => textOf(row[column]))).toEqual([
    '83.6',
    '82.0',
    '84.4',
    '80.5',
    '76.6',
    '81.3',
    '75.0',
    '77.3',
    '76.6',
    '78.1',
  ]);
  const others = [...charts].filter(([id]) => id !== 'accuracy-by-length-ruler_hotpotqa');
  for (const [, chart] of others) expect(JSON.stringify(chart.table)).not.toContain('paper:');
});

it('compares lengths over all tasks only where all tasks were asked', () => {
  const some = records.filter(({ task, tokens }) => !(task === 'vt' && tokens > 100_000));
  const { table } = chartsOf(some).get('accuracy-by-length-all-tasks')!;
  expect(table.rows.map((row) => textOf(row[0]))).toEqual(['8K', '32K']);
});

it('compares what was spent only over questions that all were asked', () => {
  const some = records.filter(({ strategy, tokens }) => strategy !== 'memory' || tokens < 40_000);
  const { table } = chartsOf(some).get('accuracy-against-tokens')!;
  const column = table.columns.findIndex(({ title }) => title === 'n');
  // Three questions of two tasks at 8K and 32K, and of one at 50 and 200 paragraphs.
  expect(table.rows.map((row) => textOf(row[column]))).toEqual(['18', '18', '18', '18', '18']);
});

it('draws no chart of tokens where no language model was used', () => {
  const silent = records.map((record) =>
    record.usage
      ? { ...record, usage: { ...record.usage, promptTokens: 0, completionTokens: 0, calls: 0, cost: 0 } }
      : record,
  );
  const ids = [...chartsOf(silent).keys()];
  expect(ids).not.toContain('tokens-by-length');
  expect(ids).not.toContain('accuracy-against-tokens');
  expect(ids).not.toContain('computation-by-length');
  expect(ids).toContain('time-by-length');
});

it('gives each subject charts of its own where there are too many series for one', () => {
  const ids = [...chartsOf(sampleRecords({ seed: 3, n: 1, subjects: ['qwen3-8b', 'llama'] })).keys()];
  expect(ids).toContain('accuracy-by-length-vt-qwen3-8b');
  expect(ids).toContain('accuracy-by-length-vt-llama');
});

describe('a drawing', () => {
  it('is the same each time, names every series, and loads nothing', () => {
    const svg = draw();
    expect(draw()).toBe(svg);
    for (const name of ['memory', 'truncate', 'map-reduce', 'paper: QwenLong-L1-32B', '25,600']) {
      expect(svg).toContain(`>${name}</text>`);
    }
    expect(svg).not.toMatch(/<script|<image|href=|url\(['"]?http/);
  });

  it('differs between the looks in nothing but colour', () => {
    expect(draw(darkTheme)).not.toBe(draw());
    expect(withoutColours(draw(darkTheme))).toBe(withoutColours(draw()));
  });

  it('has its text in the PNG too, on a machine without fonts', async () => {
    const svg = draw();
    const png = await drawPng(svg);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(960);
    const withoutText = await drawPng(svg.replaceAll(/<text[^>]*>[^<]*<\/text>/g, ''));
    expect(png.length).toBeGreaterThan(1.2 * withoutText.length);
  });
});
