/** A table before it is HTML or Markdown: each is written once and rendered twice. */
export interface Table {
  title: string;
  columns: readonly Column[];
  /** The first cell of each row is its heading. */
  rows: readonly (readonly Cell[])[];
}

export interface Column {
  title: string;
  /** Numbers stand to the right. */
  isNumber?: boolean;
  /** Whole sentences, broken into lines. */
  isProse?: boolean;
}

export type Cell = string | RichCell;

export interface RichCell {
  text: string;
  /** Said in smaller letters after it. */
  detail?: string;
  /** What the column is sorted by, where that is not the text. */
  value?: number;
  /** To be typed as it stands. */
  isCode?: boolean;
}
