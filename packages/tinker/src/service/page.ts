import type { CallOptions } from '../model/model.ts';

/** Which part of a list. */
export interface PageOptions extends CallOptions {
  readonly limit?: number;
  readonly offset?: number;
}

/** A part of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** How many there are in all, where the server says. */
  readonly totalCount: number | undefined;
}
