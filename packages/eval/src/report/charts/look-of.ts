import type { Series } from '../series.ts';
import { type ChartTheme, symbols } from './chart-theme.ts';

/** Colour and symbol of a series, the same in every chart. */
export function lookOf({ look }: Series, theme: ChartTheme) {
  const index = look % theme.series.length;
  const colour = theme.series[index]!;
  const isFilled = index < symbols.length;
  return {
    color: colour,
    symbol: symbols[index % symbols.length]!,
    symbolSize: isFilled ? 9 : 8,
    // Of one shape everywhere: ECharts' own hollow symbols are filled with white.
    itemStyle: {
      color: isFilled ? colour : theme.background,
      borderColor: colour,
      borderWidth: isFilled ? 0 : 2,
    },
  };
}
