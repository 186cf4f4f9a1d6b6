/** Our scores against those of the public Python scorers, see ../../parity/README.md. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { exactMatch } from './exact-match.ts';
import { f1 } from './f1.ts';
import type { Metric, MetricInput } from './metric.ts';
import { normalizeAnswer } from './normalize-answer.ts';
import { rougeL } from './rouge-l.ts';
import { stringMatchAll } from './string-match-all.ts';
import { stringMatchPart } from './string-match-part.ts';

interface Expected {
  squad1: { exact: number | null; f1: number | null };
  squad2: { exact: number; f1: number };
  ruler: { all: number | null; part: number | null };
  rougeL: number | null;
}

const inputs = readLines<MetricInput>('cases.jsonl');
const expected = readLines<Expected>('expected.jsonl');
const cases = inputs.map((input, index) => ({ input, reference: expected[index] as Expected }));

test('there are at least 2,000 cases, each with expected values', () => {
  expect(inputs.length).toBeGreaterThanOrEqual(2000);
  expect(expected).toHaveLength(inputs.length);
});

const answered = cases.filter(({ input }) => input.answers.length > 0);
const unanswered = cases.filter(({ input }) => input.answers.length === 0);
// An answer of articles or marks alone is dropped by v2.0's script and kept by v1.1's.
const plain = answered.filter(({ input }) => input.answers.every((answer) => normalizeAnswer(answer) !== ''));

const suites: [string, Metric, typeof cases, (reference: Expected) => number | null][] = [
  ['exact-match and evaluate-v1.1.py', exactMatch, answered, ({ squad1 }) => squad1.exact],
  ['f1 and evaluate-v1.1.py', f1, answered, ({ squad1 }) => squad1.f1],
  ['exact-match and evaluate-v2.0.py, no answer', exactMatch, unanswered, ({ squad2 }) => squad2.exact],
  ['f1 and evaluate-v2.0.py, no answer', f1, unanswered, ({ squad2 }) => squad2.f1],
  ['exact-match and evaluate-v2.0.py', exactMatch, plain, ({ squad2 }) => squad2.exact],
  ['f1 and evaluate-v2.0.py', f1, plain, ({ squad2 }) => squad2.f1],
  ['string-match-all and RULER', percent(stringMatchAll), answered, ({ ruler }) => ruler.all],
  ['string-match-part and RULER', percent(stringMatchPart), answered, ({ ruler }) => ruler.part],
  ['rouge-l and rouge-score', rougeL, answered, ({ rougeL: value }) => value],
];

describe.each(suites)('%s', (_name, metric, of, pick) => {
  test(`agree on all of ${of.length} cases`, () => {
    const differences = of.flatMap(({ input, reference }) => {
      const [ours, theirs] = [metric(input), pick(reference)];
      return ours === theirs ? [] : [{ ...input, ours, theirs }];
    });
    expect(differences).toEqual([]);
  });

  test('neither score is always the same', () => {
    expect(new Set(of.map(({ reference }) => pick(reference))).size).toBeGreaterThan(1);
  });
});

/** RULER's scale: percent, rounded to two places. */
function percent(metric: Metric): Metric {
  return (input) => Number((metric(input) * 100).toFixed(2));
}

function readLines<T>(name: string): T[] {
  const text = readFileSync(new URL(`../../parity/${name}`, import.meta.url), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}
