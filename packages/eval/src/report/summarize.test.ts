import { MemagentError } from '@memagent/core';
import { describe, expect, it } from 'vitest';
import { wilsonInterval } from '../metrics/statistics/wilson-interval.ts';
import type { EvalRecord, ScoredRecord } from '../runner/record.ts';
import { sampleRecords } from './sample-records.ts';
import { pool, recordsOf, summarize } from './summarize.ts';

const samples = sampleRecords({ seed: 1, n: 2 });
const [scored] = samples.filter((record) => record.status === 'scored') as [ScoredRecord];

function answer(index: number, changes: Partial<ScoredRecord>): ScoredRecord {
  return { ...scored, key: `k${index}`, item: `item-${index}`, ...changes };
}

function failure(index: number): EvalRecord {
  const {
    key,
    item,
    task,
    subject,
    strategy,
    tokens,
    meta,
    question,
    answers,
    metric,
    runId,
    settings,
    versions,
    at,
  } = answer(index, {});
  const base = {
    key,
    item,
    task,
    subject,
    strategy,
    tokens,
    meta,
    question,
    answers,
    metric,
    runId,
    settings,
    versions,
    at,
  };
  return { ...base, status: 'failed', error: { code: 'model-failed', message: 'no reply' } };
}

describe('a group', () => {
  it('counts a failed question as 0 and keeps it in n', () => {
    const { groups } = summarize([
      answer(1, { score: 1 }),
      answer(2, { score: 0 }),
      answer(3, { score: 1 }),
      failure(4),
    ]);
    expect(groups).toHaveLength(1);
    expect(groups[0]?.measures).toMatchObject({ n: 4, failures: 1, score: 0.5, seeds: ['42'] });
    expect(groups[0]?.measures.interval).toEqual(wilsonInterval(2, 4));
    expect(groups[0]?.measures.intervalKind).toBe('wilson');
  });

  it('has a bootstrap interval where scores are fractions, the same each time', () => {
    const records = [0, 0.2, 0.4, 1].map((score, index) => answer(index, { score }));
    const measures = summarize(records).groups[0]?.measures;
    expect(measures?.intervalKind).toBe('bootstrap');
    expect(measures?.score).toBeCloseTo(0.4);
    expect(measures?.interval.low).toBeGreaterThanOrEqual(0);
    expect(measures?.interval.low).toBeLessThan(0.4);
    expect(summarize(records).groups[0]?.measures.interval).toEqual(measures?.interval);
    expect(summarize(records, { seed: 2 }).bootstrap).toEqual({ seed: 2, resamples: 2000 });
  });

  it('says over how many questions a number is that not all have', () => {
    const usage = { ...scored.usage, promptTokens: 100, completionTokens: 20, calls: 3 };
    const { cost: _cost, ...withoutCost } = usage;
    const { measures } = summarize([
      answer(1, {
        usage: { ...usage, cost: 0.5 },
        elapsedMs: 10,
        citationPrecision: 1,
        evidence: { ever: 1, atEnd: 0 },
      }),
      answer(2, {
        usage: withoutCost,
        elapsedMs: 40,
        citationPrecision: null,
        evidence: { ever: null, atEnd: null },
      }),
      answer(3, { usage: withoutCost, elapsedMs: 30, citationPrecision: 0, evidence: { ever: 0, atEnd: 0 } }),
      failure(4),
    ]).groups[0]!;
    expect(measures).toMatchObject({
      tokens: { value: 120, n: 3 },
      calls: { value: 3, n: 3 },
      cost: { value: 0.5, n: 1 },
      elapsedMs: { value: 30, n: 3 },
      citationPrecision: { value: 0.5, n: 2 },
      evidenceEver: { value: 0.5, n: 2 },
      evidenceAtEnd: { value: 0, n: 2 },
    });
  });

  it('has no number where no question has one', () => {
    const { measures } = summarize([failure(1)]).groups[0]!;
    expect(measures).toMatchObject({ n: 1, failures: 1, score: 0 });
    expect(measures.tokens).toBeUndefined();
    expect(measures.elapsedMs).toBeUndefined();
  });
});

describe('summarize', () => {
  it('puts every record into exactly one group and loses none', () => {
    const summary = summarize(samples);
    const keys = recordsOf(summary.groups).map(({ key }) => key);
    expect(keys.toSorted()).toEqual(samples.map(({ key }) => key).toSorted());
    expect(pool(summary.groups, summary).n).toBe(samples.length);
  });

  it('lets a later line of the same key replace an earlier one, whatever the order of the files', () => {
    const before = answer(1, { score: 0, at: 1 });
    const after = answer(1, { score: 1, at: 2 });
    for (const records of [
      [before, after],
      [after, before],
    ]) {
      const { groups, replaced } = summarize(records);
      expect(groups[0]?.measures).toMatchObject({ n: 1, score: 1 });
      expect(replaced).toBe(1);
    }
  });

  it('keeps apart what was read under other settings', () => {
    const other = answer(2, { settings: { window: 16_384 } });
    expect(summarize([answer(1, {}), other]).series.map(({ label }) => label)).toEqual([
      'memory #1',
      'memory #2',
    ]);
  });

  it('names the subject where there are several, strategies in the order of the library', () => {
    const records = ['b', 'a'].flatMap((subject, index) => [
      answer(10 * index, { subject, strategy: 'refine' }),
      answer(10 * index + 1, { subject, strategy: 'my-own' }),
      answer(10 * index + 2, { subject, strategy: 'memory' }),
    ]);
    expect(summarize(records).series.map(({ label }) => label)).toEqual([
      'a · memory',
      'a · refine',
      'a · my-own',
      'b · memory',
      'b · refine',
      'b · my-own',
    ]);
  });

  it('refuses to report nothing', () => {
    expect(() => summarize([])).toThrow(MemagentError);
  });
});
