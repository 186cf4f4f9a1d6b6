/**
 * An inexact tokenizer as it learns in the course of a run. Sections side by side are answered in any order; what
 * their steps report is taken in by section, at moments that the strategy's own order fixes, so that a run cuts
 * the same sections whenever it is repeated or resumed.
 */
import type { Tokenizer, TokenReport } from '../tokenizer/tokenizer.ts';

export interface Learning {
  /** Counts with what was taken in so far. */
  readonly tokenizer: Tokenizer;
  /** Keeps what a step reported; that of a step without a section is taken in at once. */
  add(reports: readonly TokenReport[], section: number | undefined): void;
  /** Takes in what the steps of all sections up to this one reported. */
  settle(section: number): void;
}

export function createLearning(start: Tokenizer): Learning {
  let tokenizer = start;
  const waiting = new Map<number, readonly TokenReport[]>();
  return {
    get tokenizer() {
      return tokenizer;
    },
    add(reports, section) {
      if (section === undefined) tokenizer = learnAll(tokenizer, reports);
      else if (reports.length > 0) waiting.set(section, [...(waiting.get(section) ?? []), ...reports]);
    },
    settle(section) {
      const ready = [...waiting.keys()].filter((number) => number <= section).toSorted((a, b) => a - b);
      for (const number of ready) {
        tokenizer = learnAll(tokenizer, waiting.get(number) ?? []);
        waiting.delete(number);
      }
    },
  };
}

/** The tokenizer that knows these reports too; an exact one stays as it is. */
export function learnAll(tokenizer: Tokenizer, reports: readonly TokenReport[]): Tokenizer {
  return reports.reduce((before, report) => before.learner?.learn(report) ?? before, tokenizer);
}
