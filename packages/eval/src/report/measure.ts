/** What a set of answers comes to. A failed question counts as score 0 and is counted by name. */
import type { BootstrapOptions } from '../metrics/statistics/bootstrap.ts';
import type { Interval } from '../metrics/statistics/interval.ts';
import { meanInterval } from '../metrics/statistics/mean-interval.ts';
import { quantile } from '../metrics/statistics/quantile.ts';
import { type EvalRecord, scoreOf } from '../runner/record.ts';

/** A number that only some of the questions have. */
export interface Known {
  value: number;
  /** How many questions it is over. */
  n: number;
}

/** How many questions a number rests on; said beside each. */
export interface Basis {
  n: number;
  /** Part of `n`. */
  failures: number;
  /** Seeds of the items, sorted; empty for items of a data set. */
  seeds: readonly string[];
}

/** What the questions took. */
export interface Effort extends Basis {
  /** Means per question: prompt and completion together; requests; money. */
  tokens: Known | undefined;
  calls: Known | undefined;
  cost: Known | undefined;
  /** Median milliseconds per question, over those that were answered. */
  elapsedMs: Known | undefined;
}

export interface Measures extends Effort {
  /** Mean, 0 to 1. */
  score: number;
  /** 95%. */
  interval: Interval;
  /** Wilson's where every score is 0 or 1, otherwise the percentile bootstrap's. */
  intervalKind: 'wilson' | 'bootstrap';
  evidenceEver: Known | undefined;
  evidenceAtEnd: Known | undefined;
  citationPrecision: Known | undefined;
}

export function measure(records: readonly EvalRecord[], bootstrap: BootstrapOptions): Measures {
  const scores = records.map(scoreOf);
  const scored = records.filter((record) => record.status === 'scored');
  return {
    ...measureEffort(records),
    score: sum(scores) / scores.length,
    interval: meanInterval(scores, bootstrap),
    intervalKind: scores.every((score) => score === 0 || score === 1) ? 'wilson' : 'bootstrap',
    evidenceEver: meanOf(scored.map(({ evidence }) => evidence.ever)),
    evidenceAtEnd: meanOf(scored.map(({ evidence }) => evidence.atEnd)),
    citationPrecision: meanOf(scored.map((record) => record.citationPrecision)),
  };
}

export function measureEffort(records: readonly EvalRecord[]): Effort {
  const scored = records.filter((record) => record.status === 'scored');
  const uses = records.flatMap(({ usage }) => usage ?? []);
  return {
    ...basisOf(records),
    tokens: meanOf(uses.map((usage) => usage.promptTokens + usage.completionTokens)),
    calls: meanOf(uses.map(({ calls }) => calls)),
    cost: meanOf(uses.map(({ cost }) => cost)),
    elapsedMs: medianOf(scored.map((record) => record.elapsedMs)),
  };
}

export function basisOf(records: readonly EvalRecord[]): Basis {
  const seeds = records.flatMap(({ meta }) => (meta['seed'] === undefined ? [] : String(meta['seed'])));
  return {
    n: records.length,
    failures: records.filter(({ status }) => status === 'failed').length,
    seeds: [...new Set(seeds)].toSorted((a, b) => Number(a) - Number(b)),
  };
}

function meanOf(values: readonly (number | null | undefined)[]): Known | undefined {
  const known = values.filter((value) => typeof value === 'number');
  return known.length === 0 ? undefined : { value: sum(known) / known.length, n: known.length };
}

function medianOf(values: readonly number[]): Known | undefined {
  if (values.length === 0) return undefined;
  return {
    value: quantile(
      values.toSorted((a, b) => a - b),
      0.5,
    ),
    n: values.length,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
