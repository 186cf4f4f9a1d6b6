/** One row of a data file, before anything is known of its shape. */
export interface Row {
  file: string;
  /** What its number counts: lines of the file, or rows where a row is not a line. */
  unit: 'line' | 'row';
  /** From 1. */
  number: number;
  value: unknown;
  /** Why there is no value: the row itself could not be parsed. */
  problem?: string;
}

/** Where the row is, for people: `line 12`. */
export function positionOf({ unit, number }: Row): string {
  return `${unit} ${number}`;
}
