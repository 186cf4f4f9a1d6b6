import { formatCost, formatCount, formatDuration, formatPercent, formatShort } from '../format-number.ts';
import type { Basis, Known, Measures } from '../measure.ts';
import type { Cell, Column, RichCell } from '../table.ts';

/** Said under every table and chart with intervals. */
export const intervalNote =
  'Scores in %, in brackets the 95% interval: Wilson’s where all scores are 0 or 1, otherwise (†) the percentile bootstrap’s.';

/** Columns of `measureCells`. */
export const measureColumns: readonly Column[] = [
  { title: 'score %', isNumber: true },
  { title: 'n', isNumber: true },
  { title: 'failed', isNumber: true },
  { title: 'seed', isNumber: true },
  { title: 'evidence ever %', isNumber: true },
  { title: 'at end %', isNumber: true },
  { title: 'citations right %', isNumber: true },
  { title: 'tokens', isNumber: true },
  { title: 'calls', isNumber: true },
  { title: 'cost', isNumber: true },
  { title: 'median time', isNumber: true },
];

/** All measures; a second number says over how many questions, where that is not all of them. */
export function measureCells(measures: Measures): Cell[] {
  const { n, failures, evidenceEver, evidenceAtEnd, citationPrecision, tokens, calls, cost, elapsedMs } =
    measures;
  const cell = (known: Known | undefined, format: (value: number) => string): RichCell =>
    known
      ? { text: format(known.value), value: known.value, ...(known.n < n ? { detail: `n ${known.n}` } : {}) }
      : { text: '–', value: -1 };
  return [
    { text: formatScore(measures), value: measures.score },
    { text: formatCount(n), value: n },
    { text: formatCount(failures), value: failures },
    formatSeeds(measures.seeds),
    cell(evidenceEver, formatPercent),
    cell(evidenceAtEnd, formatPercent),
    cell(citationPrecision, formatPercent),
    cell(tokens, formatCount),
    cell(calls, (value) => (value < 10 ? formatShort(value) : formatCount(value))),
    cell(cost, formatCost),
    cell(elapsedMs, formatDuration),
  ];
}

/** A score with its n and failures in one cell, for tables of many series. */
export function scoreCell(measures: Measures): RichCell {
  return { text: formatScore(measures), value: measures.score, detail: formatCounts(measures) };
}

/** `83.6 (76.2–89.1)`. */
export function formatScore({ score, interval, intervalKind }: Measures): string {
  const mark = intervalKind === 'bootstrap' ? '†' : '';
  return `${formatPercent(score)} (${formatPercent(interval.low)}–${formatPercent(interval.high)})${mark}`;
}

/** `n 128`, `n 128, 2 failed`. */
export function formatCounts({ n, failures }: Basis): string {
  return `n ${formatCount(n)}${failures === 0 ? '' : `, ${formatCount(failures)} failed`}`;
}

/** `42`, `1, 2, 3`, `1 … 40 (40 seeds)`; a dash for none. */
export function formatSeeds(seeds: readonly string[]): string {
  if (seeds.length === 0) return '–';
  return seeds.length <= 4 ? seeds.join(', ') : `${seeds[0]} … ${seeds.at(-1)} (${seeds.length} seeds)`;
}
