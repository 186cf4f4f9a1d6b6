/**
 * Draws the pictures of docs/experiments.md from what the evaluations of training wrote:
 *
 *   npm run bench:plot-training -- --out docs/images [--evidence FILE.jsonl] [--curve FOLDER …] [--ablations FOLDER]
 *
 * `--evidence`: results of evaluate-evidence.ts; `--curve`, a picture each: a folder of such results, `step-N.jsonl`
 * each, of single checkpoints (`--step N`), the untrained rule's as step 0; `--ablations`: the folder of bench:tiny-ablations.
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { axisStyle, type Chart, chartFrame, frameHeight, percentAxis } from '@memagent/eval/report';
import { writeCharts } from '../packages/eval/src/report/write-charts.ts';
import type { EvidenceRecord } from '../packages/train/src/evidence/evaluate-item.ts';
import { readTinyResults } from '../packages/train/src/tiny/evaluate-tiny.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    evidence: { type: 'string' },
    curve: { type: 'string', multiple: true, default: [] },
    ablations: { type: 'string' },
  },
});
if (values.out === undefined) throw new Error('Give a folder for the pictures: --out DIR');

interface Line {
  name: string;
  points: [x: number, percent: number][];
}

const strokes = ['solid', 'dashed', 'dotted'] as const;
const charts: Chart[] = [];
if (values.evidence !== undefined) charts.push(...drawLengths(await readRecords(values.evidence)));
for (const folder of values.curve) charts.push(await drawLearning(folder));
if (values.ablations !== undefined) charts.push(await drawAblations(values.ablations));
for (const path of await writeCharts(values.out, charts)) console.log(path);

/** Answers by the length of the document, a picture for each of two budgets. */
function drawLengths(records: readonly EvidenceRecord[]): Chart[] {
  const filtered = records.filter((record) => record.filtered);
  const names = { 'trained reread': 'trained, read twice', trained: 'trained', rule: 'rule', bm25: 'BM25' };
  return [256, 1024].map((budget) => {
    const lines = Object.entries(names).map(([contestant, name]) => ({
      name,
      points: distinct(filtered.map(({ paragraphs }) => paragraphs)).flatMap((paragraphs) => {
        const same = filtered.filter((record) => record.paragraphs === paragraphs);
        const share = shareRight(same, contestant, budget);
        return share === undefined ? [] : [[paragraphs, share] as [number, number]];
      }),
    }));
    const title = `Answer in ${budget} tokens of memory`;
    return drawLines(`evidence-${budget}`, title, 'paragraphs', 'questions, %', lines);
  });
}

/** Answers by the steps of training. */
async function drawLearning(folder: string): Promise<Chart> {
  const files = (await readdir(folder)).filter((name) => /^step-\d+\.jsonl$/.test(name));
  const steps = await Promise.all(
    files.map(async (name) => ({
      step: Number(/\d+/.exec(name)?.[0]),
      records: await readRecords(join(folder, name)),
    })),
  );
  const lines = [1024, 256].map((budget) => ({
    name: `${budget} tokens of memory`,
    points: steps
      .toSorted((a, b) => a.step - b.step)
      .flatMap(({ step, records }) => {
        const share =
          shareRight(records, 'trained reread', budget) ?? shareRight(records, 'rule reread', budget);
        return share === undefined ? [] : [[step, share] as [number, number]];
      }),
  }));
  return drawLines(
    `evidence-${basename(folder)}`,
    'Held-out answers by step',
    'step',
    'questions, %',
    lines,
    'value',
  );
}

/** The tiny model by the length of the document, mean of the seeds. */
async function drawAblations(folder: string): Promise<Chart> {
  const results = await readTinyResults(join(folder, 'results'));
  const lines = [...new Set(results.map(({ name }) => nameOf(name)))].map((variant) => {
    const own = results.filter(({ name }) => nameOf(name) === variant);
    return {
      name: variant,
      points: distinct(own.map(({ sections }) => sections)).map((sections): [number, number] => {
        const scores = own.filter((result) => result.sections === sections).map(({ score }) => score);
        return [sections, (100 * scores.reduce((sum, score) => sum + score, 0)) / scores.length];
      }),
    };
  });
  return drawLines('tiny-ablations', 'Tiny model, wholly right', 'sections', 'documents, %', lines);
}

/** The variant that a seed's run is of. */
function nameOf(name: string): string {
  return name.replace(/-\d+$/, '');
}

function drawLines(
  id: string,
  title: string,
  across: string,
  up: string,
  lines: readonly Line[],
  scale: 'log' | 'value' = 'log',
): Chart {
  const legend = lines.map(({ name }) => ({ name }));
  const xs = distinct(lines.flatMap(({ points }) => points.map(([x]) => x)));
  return {
    id,
    title,
    caption: '',
    height: 200 + frameHeight(legend),
    option: (theme) => ({
      ...chartFrame(title, legend, theme),
      xAxis: {
        ...axisStyle(across, theme),
        type: scale,
        nameGap: 28,
        min: scale === 'log' ? (xs[0] ?? 1) : 0,
        max: xs.at(-1) ?? 1,
      },
      yAxis: percentAxis(up, theme),
      series: lines.map(({ name, points }, index) => ({
        type: 'line' as const,
        name,
        silent: true,
        symbol: 'circle',
        symbolSize: 6,
        color: theme.series[index % theme.series.length]!,
        lineStyle: {
          width: 2,
          type: strokes[Math.floor(index / theme.series.length) % strokes.length] ?? 'solid',
        },
        data: points,
      })),
    }),
    table: { title, columns: [], rows: [] },
  };
}

function shareRight(
  records: readonly EvidenceRecord[],
  contestant: string,
  budget: number,
): number | undefined {
  const answers = records.flatMap(({ scores }) =>
    scores
      .filter((score) => score.contestant === contestant && score.budget === budget)
      .flatMap(({ answer }) => answer ?? []),
  );
  if (answers.length === 0) return undefined;
  return (100 * answers.filter(Boolean).length) / answers.length;
}

async function readRecords(path: string): Promise<EvidenceRecord[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as EvidenceRecord);
}

function distinct(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}
