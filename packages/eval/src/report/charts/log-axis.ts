/**
 * A logarithmic axis with ticks of our own choice (8K and 1M, seconds and minutes), which ECharts' own does not
 * have: positions on it are base-2 logarithms, `place`.
 */
import type { ChartTheme } from './chart-theme.ts';
import { axisStyle } from './chart-frame.ts';

export interface LogAxis {
  name: string;
  /** Everything that has to fit, above 0. */
  values: readonly number[];
  ticks: readonly number[];
  format: (tick: number) => string;
}

/** Where a value lies on the axis. */
export const place = Math.log2;

export function logAxis({ name, values, ticks, format }: LogAxis, theme: ChartTheme) {
  const low = place(Math.min(...values));
  const high = place(Math.max(...values));
  const pad = Math.max(0.3, (high - low) * 0.06);
  const customValues = ticks.map(place).filter((tick) => tick >= low - pad && tick <= high + pad);
  const style = axisStyle(name, theme);
  return {
    ...style,
    type: 'value' as const,
    min: low - pad,
    max: high + pad,
    axisTick: { ...style.axisTick, customValues },
    axisLabel: {
      ...style.axisLabel,
      customValues,
      rotate: customValues.length > 8 ? 40 : 0,
      formatter: (tick: number): string => format(ticks.find((one) => isNear(place(one), tick)) ?? 2 ** tick),
    },
    splitLine: { show: false },
  };
}

/** Powers of two from 1 to 2^50, so far apart that at most seven lie within the values. */
export function powersOfTwo(values: readonly number[]): number[] {
  const doublings = place(Math.max(...values) / Math.min(...values));
  const step = Math.max(1, Math.ceil(doublings / 6));
  return Array.from({ length: Math.floor(50 / step) + 1 }, (_, index) => 2 ** (index * step));
}

/** 10^-9 to 10^15. */
export const powersOfTen: readonly number[] = Array.from({ length: 25 }, (_, index) => 10 ** (index - 9));

const minute = 60e3;
const hour = 60 * minute;
const timeTicks: readonly number[] = [
  [1, 3, 10, 30, 100, 300],
  [1e3, 3e3, 10e3, 30e3],
  [minute, 3 * minute, 10 * minute, 30 * minute],
  [hour, 3 * hour, 10 * hour, 30 * hour, 100 * hour],
].flat();

/** Milliseconds: 1, 3, 10, 30 … of each unit from 1 ms to 100 h, every other one where the values span much. */
export function times(values: readonly number[]): number[] {
  const step = Math.max(...values) > 3000 * Math.min(...values) ? 2 : 1;
  return timeTicks.filter((_, index) => index % step === 0);
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-6;
}
