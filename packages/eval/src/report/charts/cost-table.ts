import { compareLengths, formatLength, lengthKey } from '../length.ts';
import { formatTokens } from '../format-number.ts';
import { formatCounts } from '../tables/measure-cells.ts';
import type { Cell, Table } from '../table.ts';
import type { CostLine } from './cost-lines.ts';
import type { Cost } from './costs.ts';
import type { LinearFit } from './linear-fit.ts';

/** The points of a chart of costs, and below them the lines that fit them. */
export function costTable(title: string, { exact, atOnce }: Cost, lines: readonly CostLine[]): Table {
  const points = lines.flatMap((line) => line.points);
  const lengths = [...new Map(points.map(({ length }) => [lengthKey(length), length])).values()];
  const fitRow = (heading: string, cell: (fit: LinearFit) => string): Cell[] => [
    heading,
    '–',
    ...lines.map(({ fit }) => (fit ? cell(fit) : '–')),
    ...(atOnce ? ['–'] : []),
  ];
  return {
    title,
    columns: [
      { title: 'length' },
      { title: 'mean tokens', isNumber: true },
      ...[...lines.map(({ name }) => name), ...(atOnce ? [atOnce.name] : [])].map((name) => ({
        title: name,
        isNumber: true,
      })),
    ],
    rows: [
      ...lengths.toSorted(compareLengths).map((length): Cell[] => {
        const isHere = (point: { length: typeof length }): boolean =>
          lengthKey(point.length) === lengthKey(length);
        const { tokens = 0 } = points.find(isHere) ?? {};
        return [
          { text: formatLength(length), value: length.value },
          { text: formatTokens(tokens), value: tokens },
          ...lines.map((line): Cell => {
            const point = line.points.find(isHere);
            if (!point) return { text: '–', value: -1 };
            return { text: exact(point.value), value: point.value, detail: formatCounts(point.effort) };
          }),
          ...(atOnce ? [{ text: exact(atOnce.of(tokens)), value: atOnce.of(tokens) }] : []),
        ];
      }),
      fitRow('fit: a', ({ intercept }) => signed(intercept, exact)),
      fitRow('fit: b per 1,024 tokens', ({ slope }) => signed(slope * 1024, exact)),
      fitRow('fit: worst point off by', ({ worst }) => `${(100 * worst).toFixed(1)}%`),
    ],
  };
}

function signed(value: number, format: (value: number) => string): string {
  return value < 0 ? `−${format(-value)}` : format(value);
}
