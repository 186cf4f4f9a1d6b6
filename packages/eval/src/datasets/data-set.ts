/**
 * A data set is a published benchmark of questions over real texts, loaded from the files that its authors give
 * out. Nothing is downloaded: most of these texts may not be passed on, so the user brings the files, and `get`
 * says from where.
 */
import type { EvalItem } from '../item.ts';

export interface DataSet {
  /** Lower case, with hyphens: `longbench-v2`. The items' `task` begins with it. */
  name: string;
  /** What is asked over which texts, and how much of it there is. */
  description: string;
  licence: string;
  homepage: string;
  /** Where the files come from: sentences or commands for the user. */
  get: string;
  files: readonly ExpectedFile[];
  /** The metric of each kind of question, and where it differs from what the authors publish. */
  scoring: string;
  /**
   * Streams the items of these files; a folder stands for the files in it. Plain or gzip, JSON Lines, a JSON
   * array, CSV or Parquet, as their content says. Rows that cannot be used are handed to `onSkipped`. Throws
   * `source-unreadable` when that was all of them.
   */
  load(files: readonly string[], options: LoadOptions): AsyncIterable<EvalItem>;
}

/** A file that a data set consists of, as its authors call it. */
export interface ExpectedFile {
  name: string;
  holds: string;
}

export interface LoadOptions {
  /** Required, so that nobody leaves rows out without knowing. */
  onSkipped: (skipped: SkippedRow) => void;
}

/** A question, or a row of a file with all its questions, that gave no item. */
export interface SkippedRow {
  /** `bad`: not in the published format. `unsupported`: fine, but there is no honest metric for it here. */
  kind: 'bad' | 'unsupported';
  file: string;
  /** Where in the file: `line 12`, or `row 12` where a row is not a line. Counted from 1. */
  position: string;
  reason: string;
}
