import type {
  CustomSeriesOption,
  HeatmapSeriesOption,
  LineSeriesOption,
  ScatterSeriesOption,
} from 'echarts/charts';
import type {
  GridComponentOption,
  LegendComponentOption,
  TitleComponentOption,
  VisualMapComponentOption,
} from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import type { Table } from '../table.ts';
import type { ChartTheme } from './chart-theme.ts';

/** One picture of the report, drawn in any theme. */
export interface Chart {
  /** Names its files. */
  id: string;
  title: string;
  /** What is to be seen and what it rests on: n, failures and seeds. */
  caption: string;
  /** In pixels. */
  height: number;
  option: (theme: ChartTheme) => ChartOption;
  /** The numbers behind it. */
  table: Table;
}

export type ChartOption = ComposeOption<
  | CustomSeriesOption
  | HeatmapSeriesOption
  | LineSeriesOption
  | ScatterSeriesOption
  | GridComponentOption
  | LegendComponentOption
  | TitleComponentOption
  | VisualMapComponentOption
>;

/** All charts are equally wide: two abreast on a desktop's page, one on a telephone's, still readable. */
export const chartWidth = 480;
