/** What a question can cost, for the charts against length. */
import { formatCost, formatCount, formatDuration, formatShort, formatTokens } from '../format-number.ts';
import type { Effort } from '../measure.ts';
import { callFlops, questionFlops, qwen14bShape as shape } from './attention-flops.ts';
import { powersOfTen, powersOfTwo, times } from './log-axis.ts';

export interface Cost {
  title: string;
  axis: string;
  of: (effort: Effort) => number | undefined;
  /** Of a tick. */
  format: (value: number) => string;
  /** In the table. */
  exact: (value: number) => string;
  ticks: (values: readonly number[]) => readonly number[];
  /** What one call over the whole document would cost. */
  atOnce?: { name: string; of: (tokens: number) => number };
  note?: string;
}

const peta = 1e15;

export const costs: readonly Cost[] = [
  {
    title: 'Tokens by length',
    axis: 'tokens per question',
    of: ({ tokens }) => tokens?.value,
    format: formatTokens,
    exact: formatCount,
    ticks: powersOfTwo,
  },
  {
    title: 'Computation by length',
    axis: 'PFLOP per question (estimate)',
    of: ({ tokens, calls }) =>
      tokens && calls && questionFlops({ tokens: tokens.value, calls: calls.value }, shape) / peta,
    format: formatShort,
    exact: formatShort,
    ticks: () => powersOfTen,
    atOnce: { name: 'full attention (estimate)', of: (tokens) => callFlops(tokens, shape) / peta },
    note: ` Computed for the shape of ${shape.name}; see “How the numbers are made”.`,
  },
  {
    title: 'Money by length',
    axis: 'cost per question',
    of: ({ cost }) => cost?.value,
    format: formatShort,
    exact: formatCost,
    ticks: () => powersOfTen,
  },
  {
    title: 'Time by length',
    axis: 'median time per question',
    of: ({ elapsedMs }) => elapsedMs?.value,
    format: formatDuration,
    exact: formatDuration,
    ticks: times,
  },
];
